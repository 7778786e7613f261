resource "aws_security_group" "this" {
  name_prefix = "${var.load_balancer_name}-"
  description = "Load balancer ${var.load_balancer_name}"
  vpc_id      = var.vpc_id

  tags = { Name = var.load_balancer_name }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = "Clients"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = each.value }
}

# By a key that is known when planning: the group may not exist yet.
resource "aws_vpc_security_group_ingress_rule" "gateway" {
  for_each = var.gateway == null ? {} : { link = var.gateway }

  security_group_id            = aws_security_group.this.id
  description                  = "VPC link of the API Gateway"
  referenced_security_group_id = each.value.link_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443

  tags = { Name = "gateway" }
}

# Requests and health checks alike.
resource "aws_vpc_security_group_egress_rule" "targets" {
  security_group_id            = aws_security_group.this.id
  description                  = "ingress-nginx"
  referenced_security_group_id = var.target_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443

  tags = { Name = "targets" }
}

resource "aws_vpc_security_group_ingress_rule" "targets" {
  security_group_id            = var.target_security_group_id
  description                  = "Load balancer ${var.load_balancer_name}"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443

  tags = { Name = var.load_balancer_name }
}
