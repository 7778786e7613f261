output "repository_urls" {
  description = "Where to push and pull, by repository."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}
