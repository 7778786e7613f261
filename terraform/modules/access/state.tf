# With the S3 backend: a stack's own state, and the lock beside it. The bucket may be another account's, whose policy then
# says the same (terraform/modules/state).

locals {
  state = {
    for key, role in local.with_state : key => concat(
      [
        {
          # All names, which are those of environments and stacks: with a condition on the prefix S3 would say "access
          # denied" instead of "not found" of a state that is not there yet.
          Sid      = "FindsStates"
          Effect   = "Allow"
          Action   = ["s3:ListBucket"]
          Resource = [local.state_bucket]
        },
        {
          Sid      = "ItsState"
          Effect   = "Allow"
          Action   = role.phase == "plan" ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject"]
          Resource = [local.state_objects[key]]
        },
      ],
      # A plan takes no lock (-lock=false): it writes nothing, and a pull request's code must not hold up an apply.
      role.phase == "plan" ? [] : [{
        Sid      = "ItsLock"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = ["${local.state_objects[key]}.tflock"]
      }],
    )
  }

  with_state    = { for key, role in local.roles : key => role if var.state != null }
  state_bucket  = try("arn:${local.partition}:s3:::${var.state.bucket}", null)
  state_objects = { for key, role in local.with_state : key => "${local.state_bucket}/${var.state.keys[role.stack]}" }
}
