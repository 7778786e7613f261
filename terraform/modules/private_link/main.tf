# The only way to the project's cluster: an interface endpoint in the VPC, which Atlas accepts. Atlas cannot come back
# through it.

resource "mongodbatlas_privatelink_endpoint" "this" {
  project_id    = var.project_id
  provider_name = "AWS"
  region        = var.atlas_region
}

resource "aws_vpc_endpoint" "this" {
  vpc_id             = var.vpc_id
  service_name       = mongodbatlas_privatelink_endpoint.this.endpoint_service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = var.subnet_ids
  security_group_ids = [aws_security_group.this.id]

  # Atlas's names are public and lead to the endpoint's addresses by themselves.
  private_dns_enabled = false

  tags = { Name = var.name }
}

resource "mongodbatlas_privatelink_endpoint_service" "this" {
  project_id          = var.project_id
  provider_name       = "AWS"
  private_link_id     = mongodbatlas_privatelink_endpoint.this.private_link_id
  endpoint_service_id = aws_vpc_endpoint.this.id
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-"
  description = "MongoDB Atlas by PrivateLink: from those who connect, nothing out"
  vpc_id      = var.vpc_id

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = "MongoDB: Atlas gives each node a port of its own"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  # The whole range, as Atlas asks for: which ports it takes is known only later, and changes.
  from_port = 1024
  to_port   = 65535

  tags = { Name = var.name }
}
