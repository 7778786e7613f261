# The whole account: costs can be told apart by environment only once somebody has activated the tag for cost
# allocation, and until then a budget that filters by it reads zero and never warns.

resource "aws_budgets_budget" "monthly" {
  count = var.budget == null ? 0 : 1

  name         = var.budget.name
  budget_type  = "COST"
  limit_amount = tostring(var.budget.monthly_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  # Early, while something can still be done; and when it has happened.
  dynamic "notification" {
    for_each = { FORECASTED = 80, ACTUAL = 100 }

    content {
      notification_type         = notification.key
      comparison_operator       = "GREATER_THAN"
      threshold                 = notification.value
      threshold_type            = "PERCENTAGE"
      subscriber_sns_topic_arns = [aws_sns_topic.this.arn]
    }
  }

  # Budgets tries to publish when it is told of the topic.
  depends_on = [aws_sns_topic_policy.this]
}
