provider "mongodbatlas" {
  client_id     = "x"
  client_secret = "x"
}

variables {
  name            = "techchallenge-dev"
  organization_id = "5f0a1b2c3d4e5f6071829304"
  auditing        = false
  alert_emails    = ["one@techchallenge.example", "two@techchallenge.example"]
  tags            = { Platform = "techchallenge" }
}

run "a_project_that_shows_nobody_its_data" {
  command = plan

  assert {
    condition     = mongodbatlas_project.this.name == "techchallenge-dev" && mongodbatlas_project.this.org_id == "5f0a1b2c3d4e5f6071829304"
    error_message = "The names are not ours to change."
  }
  assert {
    condition     = mongodbatlas_project.this.is_data_explorer_enabled == false && mongodbatlas_project.this.is_data_explorer_gen_ai_features_enabled == false
    error_message = "Whoever logs in to Atlas would read customers' data."
  }
  assert {
    condition     = length(mongodbatlas_auditing.this) == 0
    error_message = "Auditing is asked for, for it costs."
  }
}

run "alerts_go_to_everybody_named" {
  command = plan

  assert {
    condition     = toset(keys(mongodbatlas_alert_configuration.this)) == toset(["connections", "cpu", "disk", "host-down", "no-primary", "oplog-short", "replication-lag", "snapshot-behind", "snapshot-failed"])
    error_message = "README.md says what to do about each alert."
  }
  assert {
    condition     = alltrue([for alert in mongodbatlas_alert_configuration.this : alert.enabled && toset(alert.notification[*].email_address) == var.alert_emails && toset(alert.notification[*].type_name) == toset(["EMAIL"])])
    error_message = "Somebody does not hear of an alert."
  }
  assert {
    condition     = alltrue([for name, alert in mongodbatlas_alert_configuration.this : (alert.event_type == "OUTSIDE_METRIC_THRESHOLD") == (length(alert.metric_threshold_config) == 1)])
    error_message = "Atlas wants a metric for this event, and for no other."
  }
  assert {
    condition     = mongodbatlas_alert_configuration.this["oplog-short"].threshold_config[0].operator == "LESS_THAN" && mongodbatlas_alert_configuration.this["disk"].metric_threshold_config[0].threshold == 90
    error_message = "Too early or too late."
  }
  assert {
    condition     = { for name, alert in mongodbatlas_alert_configuration.this : name => one(alert.threshold_config[*].operator) if length(alert.threshold_config) > 0 } == { oplog-short = "LESS_THAN", snapshot-behind = "GREATER_THAN" }
    error_message = "Atlas measures these two against hours, and no other."
  }
}

run "nobody_to_tell" {
  command = plan

  variables {
    alert_emails = []
  }

  assert {
    condition     = length(mongodbatlas_alert_configuration.this) == 0
    error_message = "Atlas refuses an alert that nobody hears."
  }
}

run "auditing_sees_who_came_in_and_no_documents" {
  command = plan

  variables {
    auditing = true
  }

  assert {
    condition     = mongodbatlas_auditing.this["this"].enabled && mongodbatlas_auditing.this["this"].audit_authorization_success == false
    error_message = "With successes of authorization every read and write is logged."
  }
  assert {
    condition     = length(setsubtract(["authenticate", "authCheck", "createUser", "dropDatabase"], jsondecode(mongodbatlas_auditing.this["this"].audit_filter).atype["$in"])) == 0
    error_message = "What matters after a break-in is not in the log."
  }
}

run "another_id" {
  command = plan

  variables {
    organization_id = "techchallenge"
  }

  expect_failures = [var.organization_id]
}

run "another_name" {
  command = plan

  variables {
    name = "tech/challenge"
  }

  expect_failures = [var.name]
}

run "not_an_address" {
  command = plan

  variables {
    alert_emails = ["platform"]
  }

  expect_failures = [var.alert_emails]
}
