# Who reaches the private API endpoint from outside the VPC. Nodes and pods do by the group that EKS makes; this one is
# on the control plane's interfaces only, and it is always there, so that a first network changes no cluster.
resource "aws_security_group" "api" {
  name_prefix = "${var.name}-api-"
  description = "Kubernetes API of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-api" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "api" {
  for_each = var.private_access_cidrs

  security_group_id = aws_security_group.api.id
  description       = "Kubernetes API"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = each.value }
}
