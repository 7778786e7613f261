# The project: what there is of an environment in Atlas is in it. No IP access list entry is made anywhere: without one,
# nobody reaches its cluster but through PrivateLink.

resource "mongodbatlas_project" "this" {
  name   = var.name
  org_id = var.organization_id

  # It would show customers' data to whoever may log in to Atlas, past PrivateLink and past every database user.
  is_data_explorer_enabled                                = false
  is_data_explorer_gen_ai_features_enabled                = false
  is_data_explorer_gen_ai_sample_document_passing_enabled = false

  tags = var.tags
}

# Who came in, who was refused, and who changed users, roles, indexes and collections. Reads and writes of documents are
# not in it: with them the log would be as large as the data, and would have it.
resource "mongodbatlas_auditing" "this" {
  for_each = var.auditing ? toset(["this"]) : toset([])

  project_id                  = mongodbatlas_project.this.id
  enabled                     = true
  audit_authorization_success = false
  audit_filter = jsonencode({
    atype = { "$in" = local.audited }
  })
}

locals {
  audited = [
    "authenticate",
    "authCheck",
    "createCollection",
    "createDatabase",
    "createIndex",
    "createRole",
    "createUser",
    "dropCollection",
    "dropDatabase",
    "dropIndex",
    "dropRole",
    "dropUser",
    "grantRolesToUser",
    "renameCollection",
    "revokeRolesFromUser",
    "updateRole",
    "updateUser",
  ]
}
