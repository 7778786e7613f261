output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Subnets of nodes and pods, by availability zone: out through NAT. Whoever takes them from here waits for the way out."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }

  # A node without it cannot join, and when all is destroyed it must still be there while nodes drain.
  depends_on = [aws_route.private_nat, aws_route_table_association.private]
}

output "public_subnet_ids" {
  description = "Subnets of internet-facing load balancers and NAT gateways, by availability zone."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "intra_subnet_ids" {
  description = "Subnets of the control plane's interfaces and the internal load balancer, by availability zone: no way out."
  value       = { for zone, subnet in aws_subnet.intra : zone => subnet.id }
}

output "database_subnet_ids" {
  description = "Subnets of the database's private endpoints, by availability zone: no way out."
  value       = { for zone, subnet in aws_subnet.database : zone => subnet.id }
}

output "nat_gateway_ids" {
  description = "NAT gateways, by availability zone."
  value       = { for zone, gateway in aws_nat_gateway.this : zone => gateway.id }
}

output "endpoint_security_group_id" {
  description = "Security group of the interface endpoints; null without any."
  value       = one(aws_security_group.endpoints[*].id)
}
