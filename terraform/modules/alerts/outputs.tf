output "topic_arn" {
  description = "ARN of the topic."
  value       = aws_sns_topic.this.arn

  # Who adds an alarm may publish from the start.
  depends_on = [aws_sns_topic_policy.this]
}
