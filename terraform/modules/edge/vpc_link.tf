# AWS changes no VPC link: another subnet is another link. The new one comes first, the integrations move, then the
# old one goes; links may have the same name.
resource "aws_apigatewayv2_vpc_link" "this" {
  name               = var.name
  subnet_ids         = var.link_subnet_ids
  security_group_ids = [aws_security_group.link.id]

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "link" {
  name_prefix = "${var.name}-link-"
  description = "VPC link of the API Gateway: to the load balancer, nothing in"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-link" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "link" {
  security_group_id            = aws_security_group.link.id
  description                  = "Load balancer"
  referenced_security_group_id = var.load_balancer_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443

  tags = { Name = "load-balancer" }
}
