# What Atlas has now, to compare a plan with. Nothing of it is there before the first apply, so everything is a list.

data "mongodbatlas_projects" "all" {
  items_per_page = 500
}

data "mongodbatlas_advanced_clusters" "current" {
  for_each = local.projects

  project_id           = each.key
  use_effective_fields = true
}

data "mongodbatlas_database_users" "current" {
  for_each = local.projects

  project_id = each.key
}

data "mongodbatlas_cloud_backup_schedule" "current" {
  for_each = { for project, found in data.mongodbatlas_advanced_clusters.current : project => var.cluster.name if contains(found.results[*].name, var.cluster.name) }

  project_id   = each.key
  cluster_name = each.value
}

locals {
  projects = toset([
    for project in data.mongodbatlas_projects.all.results : project.id
    if project.name == var.project.name && project.org_id == var.project.organization_id
  ])

  cluster_now = one([
    for cluster in flatten([for found in data.mongodbatlas_advanced_clusters.current : found.results]) : cluster
    if cluster.name == var.cluster.name
  ])
  region_now = try(local.cluster_now.replication_specs[0].region_configs[0], null)
  now = {
    tier          = try(local.region_now.effective_electable_specs.instance_size, null)
    given_tier    = try(local.region_now.electable_specs.instance_size, null)
    scales        = try(local.region_now.auto_scaling.compute_enabled, false) == true
    version       = try(local.cluster_now.mongo_db_major_version, null)
    point_in_time = try(local.cluster_now.pit_enabled, false) == true
    retention_days = max(0, flatten([
      for schedule in data.mongodbatlas_cloud_backup_schedule.current : [
        for item in coalesce(schedule.policy_item_daily, []) : item.retention_value if item.retention_unit == "days"
      ]
    ])...)
    # Of users that this module made: a person's own is no reason to keep a database.
    databases = toset(flatten([
      for found in data.mongodbatlas_database_users.current : [
        for user in found.results : [
          for role in user.roles : role.database_name if role.role_name == local.read_write
        ] if contains([for label in user.labels : label.key], local.label)
      ]
    ]))
  }
}
