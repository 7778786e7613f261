resource "mongodbatlas_advanced_cluster" "this" {
  project_id   = var.project.id
  name         = var.cluster.name
  cluster_type = "REPLICASET"

  replication_specs = [{
    region_configs = [{
      provider_name = "AWS"
      region_name   = var.atlas_region
      priority      = 7
      electable_specs = {
        instance_size = var.cluster.tier
        node_count    = 3
      }
      # A full disk is an outage, a larger one is a few dollars.
      auto_scaling = {
        disk_gb_enabled            = true
        compute_enabled            = var.cluster.autoscaling != null
        compute_scale_down_enabled = var.cluster.autoscaling != null
        compute_min_instance_size  = try(var.cluster.autoscaling.min_tier, null)
        compute_max_instance_size  = try(var.cluster.autoscaling.max_tier, null)
      }
    }]
  }]

  # With it Terraform leaves Atlas the tier, without it sets the tier (docs/resources/advanced_cluster.md of the provider,
  # "Auto-Scaling with Effective Fields"). Storage alone needs it not, for no disk size is set here.
  use_effective_fields = var.cluster.autoscaling != null

  mongo_db_major_version      = var.cluster.version
  backup_enabled              = true
  pit_enabled                 = var.cluster.backup.point_in_time
  encryption_at_rest_provider = var.customer_key ? "AWS" : "NONE"

  termination_protection_enabled = var.deletion_protection

  tags = var.tags

  # The connection strings of an endpoint come with a cluster only when the endpoint comes first.
  depends_on = [terraform_data.endpoint]

  lifecycle {
    precondition {
      condition     = var.cluster.autoscaling != null || local.shrinks_to == null || var.cluster.shrink_from == local.now.tier
      error_message = "The cluster ${var.cluster.name} runs as ${coalesce(local.now.tier, "?")}, and ${var.cluster.tier} is smaller: less memory, fewer connections, a smaller largest disk. If Atlas made it larger, write `tier: ${coalesce(local.now.tier, "?")}` under `database` in environments/. To make it smaller on purpose, write `shrinkFrom: ${coalesce(local.now.tier, "?")}` there; it permits exactly this step."
    }
    precondition {
      condition     = var.cluster.autoscaling == null || local.now.tier == null || local.in_range
      error_message = "The cluster ${var.cluster.name} runs as ${coalesce(local.now.tier, "?")}, and database.autoscaling, ${try(var.cluster.autoscaling.min_tier, "")} to ${try(var.cluster.autoscaling.max_tier, "")}, does not contain that: Atlas refuses the range. Widen it; or set `autoscaling: null` and a tier within the range, apply, and then the range."
    }
    precondition {
      condition     = var.cluster.autoscaling == null || !local.now.scales || local.now.given_tier == var.cluster.tier
      error_message = "While database.autoscaling is on, Atlas chooses the tier and ignores `tier: ${var.cluster.tier}`. Put `tier: ${coalesce(local.now.given_tier, "?")}` back and change autoscaling's minTier or maxTier; or set `autoscaling: null` and apply that with the new tier."
    }
    precondition {
      condition     = local.now.version == null || local.version >= local.version_now
      error_message = "The cluster ${var.cluster.name} runs MongoDB ${coalesce(local.now.version, "?")}, and Atlas does not go back to ${var.cluster.version}. Write `version: \"${coalesce(local.now.version, "?")}\"` under `database` in environments/. To have the older one, restore a snapshot into another cluster: docs/database.md."
    }
    precondition {
      condition     = !(var.deletion_protection && local.now.point_in_time && !var.cluster.backup.point_in_time)
      error_message = "Without database.backup.pointInTime Atlas throws away what it needs to restore to a minute, at once, and the environment is protected. To do it on purpose, set deletionProtection: false, apply that by itself, then turn it off."
    }
    precondition {
      condition     = !(var.deletion_protection && var.cluster.backup.retention_days < local.now.retention_days)
      error_message = "Snapshots are kept for ${local.now.retention_days} days; database.backup.retentionDays: ${var.cluster.backup.retention_days} lets Atlas delete older ones, and the environment is protected. To do it on purpose, set deletionProtection: false, apply that by itself, then lower it."
    }
  }
}

locals {
  # Tiers of a class are in the order of their numbers.
  sizes = {
    for use, tier in { now = local.now.tier, wanted = var.cluster.tier, min = try(var.cluster.autoscaling.min_tier, null), max = try(var.cluster.autoscaling.max_tier, null) } :
    use => try(tonumber(regex("[0-9]+", tier)), null)
  }
  shrinks_to = try(local.sizes.wanted < local.sizes.now, false) ? var.cluster.tier : null
  in_range   = try(local.sizes.min <= local.sizes.now && local.sizes.now <= local.sizes.max, false)

  version     = tonumber(var.cluster.version)
  version_now = tonumber(coalesce(local.now.version, "0"))
}

resource "terraform_data" "endpoint" {
  input = var.endpoint_id
}

resource "mongodbatlas_cloud_backup_schedule" "this" {
  project_id   = mongodbatlas_advanced_cluster.this.project_id
  cluster_name = mongodbatlas_advanced_cluster.this.name

  reference_hour_of_day    = 6
  reference_minute_of_hour = 0
  # Atlas wants hourly snapshots kept as long as any minute can be restored, and daily ones at least as long. Given without
  # point-in-time, too: left out, it would stay as it was, and be refused once it is more than the snapshots.
  restore_window_days = local.recent_days

  policy_item_hourly {
    frequency_interval = 6
    retention_unit     = "days"
    retention_value    = local.recent_days
  }

  policy_item_daily {
    frequency_interval = 1
    retention_unit     = "days"
    retention_value    = var.cluster.backup.retention_days
  }

  lifecycle {
    # A person has snapshots copied to another region, in Atlas (docs/database.md): without this the next apply would end it.
    ignore_changes = [copy_settings]
  }
}

locals {
  recent_days = min(7, var.cluster.backup.retention_days)
}
