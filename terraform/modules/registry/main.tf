# The images of the team's own workloads: pushed once under a tag that never moves, pulled by all environments.

resource "aws_ecr_repository" "this" {
  for_each = var.repositories

  name                 = each.value
  image_tag_mutability = "IMMUTABLE" # a version that is pinned in Git is the same image for ever
  force_delete         = false       # some environment may still run what is in it

  image_scanning_configuration {
    scan_on_push = true
  }

  # Cannot be changed later.
  # checkov:skip=CKV_AWS_136: images hold code and no secrets, so Amazon's own key does; losing one of ours would stop every pull in every environment
  encryption_configuration {
    encryption_type = "AES256"
  }

  tags = { Name = each.value }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Nothing can pin what has no tag"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Of pre-releases, which carry a hyphen, the last 200; a release stays for ever, for somebody may go back to it"
        selection    = { tagStatus = "tagged", tagPatternList = ["*-*"], countType = "imageCountMoreThan", countNumber = 200 }
        action       = { type = "expire" }
      },
    ]
  })
}

# This account's clusters pull with what IAM gives their nodes; only the others need to be let in.
resource "aws_ecr_repository_policy" "this" {
  for_each = { for name, repository in aws_ecr_repository.this : name => repository if length(var.pull_accounts) > 0 }

  repository = each.value.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OtherAccountsPull"
      Effect    = "Allow"
      Principal = { AWS = [for account in sort(var.pull_accounts) : "arn:${data.aws_partition.current.partition}:iam::${account}:root"] }
      Action    = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    }]
  })
}

data "aws_partition" "current" {}
