# An environment that grows and is upgraded. Nothing is made: the provider is a mock, which keeps identities as long
# as Terraform does.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_default_tags" {
    defaults = { tags = {} }
  }
  mock_resource "aws_eks_cluster" {
    defaults = {
      arn = "arn:aws:eks:us-east-1:111111111111:cluster/shop-dev"
      id  = "shop-dev"
    }
  }
  mock_resource "aws_launch_template" {
    defaults = { id = "lt-mock", latest_version = 1 }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:111111111111:key/mock" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/mock" }
  }
  mock_resource "aws_eks_node_group" {
    defaults = { resources = [{ autoscaling_groups = [{ name = "asg" }], remote_access_security_group_id = "" }] }
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  name                     = "shop-dev"
  role_name                = "shop-dev-cluster"
  node_role_name           = "shop-dev-nodes"
  key_alias                = "alias/shop-dev-cluster"
  control_plane_log_group  = "/aws/eks/shop-dev/cluster"
  kubernetes_version       = "1.33"
  service_cidr             = "172.20.0.0/16"
  vpc_id                   = "vpc-1"
  endpoint_subnet_ids      = ["subnet-intra-a", "subnet-intra-b"]
  node_subnet_ids          = ["subnet-private-a", "subnet-private-b"]
  public_access_cidrs      = []
  admin_roles              = []
  private_access_cidrs     = []
  addons = {
    coredns                = "v1.12.1-eksbuild.2"
    eks-pod-identity-agent = "v1.3.10-eksbuild.2"
    kube-proxy             = "v1.33.3-eksbuild.4"
    vpc-cni                = "v1.21.1-eksbuild.1"
  }
  addon_roles = {
    vpc-cni = { role_name = "shop-dev-vpc-cni", service_account = "aws-node" }
  }
  node_groups = {
    general = {
      instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
      capacity       = "ON_DEMAND", disk_size = 50, labels = { tier = "general" }, taints = []
    }
  }
}

run "first" {
  assert {
    condition     = length(aws_eks_access_entry.admin) == 0
    error_message = "without admin roles there must be no access entry"
  }
}

run "third_zone_second_group_larger_disk" {
  variables {
    node_subnet_ids = ["subnet-private-a", "subnet-private-b", "subnet-private-c"]
    node_groups = {
      burst = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 0, max = 6
        capacity       = "SPOT", disk_size = 50, labels = {}, taints = []
      }
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 8
        capacity       = "ON_DEMAND", disk_size = 100, labels = { tier = "general" }, taints = []
      }
    }
  }

  assert {
    condition     = aws_eks_node_group.this["general"].subnet_ids == toset(["subnet-private-a", "subnet-private-b"])
    error_message = "a third zone must not replace a node group that is there"
  }
  assert {
    condition     = aws_eks_node_group.this["burst"].subnet_ids == toset(["subnet-private-a", "subnet-private-b", "subnet-private-c"])
    error_message = "a new node group must use every zone"
  }
  assert {
    condition     = aws_launch_template.node["general"].block_device_mappings[0].ebs[0].volume_size == 100 && aws_eks_node_group.this["general"].scaling_config[0].max_size == 8
    error_message = "disk and limits of a group must change in place"
  }
}

run "upgrade" {
  variables {
    kubernetes_version = "1.34"
    ami_release        = "1.34.1-20251112"
    addons = {
      coredns                = "v1.12.4-eksbuild.1"
      eks-pod-identity-agent = "v1.3.10-eksbuild.2"
      kube-proxy             = "v1.34.1-eksbuild.2"
      vpc-cni                = "v1.21.1-eksbuild.1"
    }
  }

  assert {
    condition     = aws_eks_cluster.this.version == "1.34" && aws_eks_node_group.this["general"].version == "1.34"
    error_message = "nodes must follow the control plane"
  }
  assert {
    condition     = aws_eks_node_group.this["general"].release_version == "1.34.1-20251112"
    error_message = "nodes must run the image that is pinned"
  }
  assert {
    condition     = aws_eks_addon.before_nodes["kube-proxy"].addon_version == "v1.34.1-eksbuild.2" && aws_eks_addon.after_nodes["coredns"].addon_version == "v1.12.4-eksbuild.1"
    error_message = "add-ons must be upgraded with the control plane"
  }
  assert {
    condition     = output.node_role_arn == run.first.node_role_arn && output.security_group_id == run.first.security_group_id
    error_message = "an upgrade must replace nothing"
  }
}
