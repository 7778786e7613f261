output "id" {
  description = "The project's id."
  value       = mongodbatlas_project.this.id
}
