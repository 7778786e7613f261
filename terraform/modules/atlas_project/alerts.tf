# The handful that wakes somebody. What to do about each stands in README.md under the same name.

resource "mongodbatlas_alert_configuration" "this" {
  for_each = { for name, alert in local.alerts : name => alert if length(var.alert_emails) > 0 }

  project_id = mongodbatlas_project.this.id
  event_type = each.value.event
  enabled    = true

  dynamic "metric_threshold_config" {
    for_each = each.value.metric == null ? [] : [each.value.metric]

    content {
      metric_name = metric_threshold_config.value.name
      operator    = "GREATER_THAN"
      threshold   = metric_threshold_config.value.above
      units       = metric_threshold_config.value.units
      mode        = "AVERAGE"
    }
  }

  dynamic "threshold_config" {
    for_each = each.value.hours == null ? [] : [each.value.hours]

    content {
      operator  = threshold_config.value.operator
      threshold = threshold_config.value.threshold
      units     = "HOURS"
    }
  }

  dynamic "notification" {
    for_each = var.alert_emails

    content {
      type_name     = "EMAIL"
      email_address = notification.value
      interval_min  = 60
      delay_min     = each.value.delay
    }
  }
}

locals {
  # Minutes of delay let a failover or a short peak pass.
  alerts = {
    no-primary      = { event = "NO_PRIMARY", delay = 5, metric = null, hours = null }
    host-down       = { event = "HOST_DOWN", delay = 15, metric = null, hours = null }
    snapshot-failed = { event = "CPS_SNAPSHOT_FAILED", delay = 0, metric = null, hours = null }
    # Two snapshots of six hours. Atlas measures this one against hours, too (its API: GreaterThanTimeThreshold). A threshold
    # that it chose would come back as a block that was not asked for, and end the apply.
    snapshot-behind = { event = "CPS_SNAPSHOT_BEHIND", delay = 0, metric = null, hours = { operator = "GREATER_THAN", threshold = 12 } }
    oplog-short     = { event = "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", delay = 0, metric = null, hours = { operator = "LESS_THAN", threshold = 24 } }

    connections     = { event = local.metric, delay = 5, metric = { name = "CONNECTIONS_PERCENT", above = 80, units = "RAW" }, hours = null }
    disk            = { event = local.metric, delay = 5, metric = { name = "DISK_PARTITION_SPACE_USED_DATA", above = 90, units = "RAW" }, hours = null }
    cpu             = { event = local.metric, delay = 15, metric = { name = "NORMALIZED_SYSTEM_CPU_USER", above = 90, units = "RAW" }, hours = null }
    replication-lag = { event = local.metric, delay = 5, metric = { name = "OPLOG_SLAVE_LAG_MASTER_TIME", above = 60, units = "SECONDS" }, hours = null }
  }

  metric = "OUTSIDE_METRIC_THRESHOLD"
}
