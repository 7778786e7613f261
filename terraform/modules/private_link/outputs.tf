output "endpoint_id" {
  description = "The endpoint, once Atlas has accepted it: its connection strings are of this id."
  value       = mongodbatlas_privatelink_endpoint_service.this.endpoint_service_id
}
