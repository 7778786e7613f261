# The environment's way in: a Network Load Balancer that ends TLS with a public certificate and speaks TLS
# again to ingress-nginx, whose pods the cluster registers in the target group.

resource "aws_lb" "this" {
  # checkov:skip=CKV_AWS_91: ingress-nginx logs every request and the flow log every connection; this log would add TLS handshakes, at the price of a bucket with its policy
  name               = var.load_balancer_name
  load_balancer_type = "network"
  internal           = var.internal
  ip_address_type    = "ipv4"
  subnets            = var.subnet_ids
  # A load balancer that is born without a security group can never be given one.
  security_groups = [aws_security_group.this.id]

  enable_cross_zone_load_balancing = true # there may be fewer pods than zones
  enable_deletion_protection       = var.deletion_protection

  tags = { Name = var.load_balancer_name }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" # TLS 1.3, and 1.2 with forward secrecy and AEAD
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn
  alpn_policy       = "None" # requests arrive as HTTP/1.1, which is what ingress-nginx is given

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_lb_target_group" "this" {
  name        = var.target_group_name
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "TLS"
  port        = 443

  # The network policy around ingress-nginx admits the load balancer's own addresses and no others.
  preserve_client_ip = false
  proxy_protocol_v2  = var.proxy_protocol

  # Longer than the 30 seconds that the API Gateway waits for an answer; then what is left is closed, so that
  # no client goes on talking to a pod that is going away.
  deregistration_delay   = 60
  connection_termination = true

  health_check {
    protocol            = "HTTPS"
    port                = "traffic-port"
    path                = "/healthz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  tags = { Name = var.target_group_name }

  # The next generation comes first, then the listener moves, then this one goes.
  lifecycle {
    create_before_destroy = true
  }
}
