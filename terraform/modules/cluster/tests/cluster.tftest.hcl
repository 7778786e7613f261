# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { Environment = "dev" }
  }
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

# ARNs come with the apply; these let the plan show what refers to what.
override_resource {
  target          = aws_kms_key.secrets
  override_during = plan
  values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/secrets", key_id = "secrets" }
}
override_resource {
  target          = aws_security_group.api
  override_during = plan
  values          = { id = "sg-api" }
}
override_resource {
  target          = aws_iam_role.cluster
  override_during = plan
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-cluster" }
}
override_resource {
  target          = aws_iam_role.node
  override_during = plan
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-nodes" }
}
override_resource {
  target          = aws_iam_role.addon["vpc-cni"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-vpc-cni" }
}
override_resource {
  target          = aws_iam_role.addon["aws-ebs-csi-driver"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-ebs-csi" }
}
override_resource {
  target          = aws_launch_template.node["general"]
  override_during = plan
  values          = { id = "lt-general", latest_version = 7 }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  name                     = "shop-dev"
  role_name                = "shop-dev-cluster"
  node_role_name           = "shop-dev-nodes"
  key_alias                = "alias/shop-dev-cluster"
  control_plane_log_group  = "/aws/eks/shop-dev/cluster"
  kubernetes_version       = "1.34"
  service_cidr             = "172.20.0.0/16"
  vpc_id                   = "vpc-1"
  endpoint_subnet_ids      = ["subnet-intra-a", "subnet-intra-b"]
  node_subnet_ids          = ["subnet-private-a", "subnet-private-b", "subnet-private-c"]
  public_access_cidrs      = []
  admin_roles              = ["arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_admin_0123456789abcdef"]
  private_access_cidrs     = []
  addons = {
    aws-ebs-csi-driver     = "v1.54.0-eksbuild.1"
    coredns                = "v1.12.4-eksbuild.1"
    eks-pod-identity-agent = "v1.3.10-eksbuild.2"
    kube-proxy             = "v1.34.1-eksbuild.2"
    vpc-cni                = "v1.21.1-eksbuild.1"
  }
  addon_roles = {
    aws-ebs-csi-driver = { role_name = "shop-dev-ebs-csi", service_account = "ebs-csi-controller-sa" }
    vpc-cni            = { role_name = "shop-dev-vpc-cni", service_account = "aws-node" }
  }
  node_groups = {
    general = {
      instance_types = ["m7g.large", "c7gn.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
      capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
    }
    burst = {
      instance_types = ["g4dn.xlarge", "m7i-flex.large"], ami_type = "AL2023_x86_64_STANDARD", min = 0, max = 10
      capacity       = "SPOT", disk_size = 80, labels = { "shop.example/capacity" = "spot" }
      taints         = [{ key = "shop.example/spot", value = "", effect = "PREFER_NO_SCHEDULE" }, { key = "gpu", value = "t4", effect = "NO_SCHEDULE" }]
    }
  }
}

run "control_plane" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.name == "shop-dev" && aws_eks_cluster.this.version == "1.34" && aws_eks_cluster.this.role_arn == "arn:aws:iam::111111111111:role/shop-dev-cluster"
    error_message = "the cluster must have the given name, version and role"
  }
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "without an allow list the API must be private"
  }
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].subnet_ids == toset(["subnet-intra-a", "subnet-intra-b"])
    error_message = "the control plane must be in the first two zones' subnets only, or a third zone could not be added"
  }
  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "access must be by access entries only, and not for whoever made the cluster"
  }
  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit", "authenticator", "controllerManager", "scheduler"])
    error_message = "every control plane log must be written"
  }
  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"]) && aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == "arn:aws:kms:us-east-1:111111111111:key/secrets"
    error_message = "Secrets must be encrypted with the module's key"
  }
  assert {
    condition     = aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr == "172.20.0.0/16" && aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "service addresses must be the given ones, and support the standard one"
  }
  assert {
    condition     = aws_eks_cluster.this.bootstrap_self_managed_addons == false
    error_message = "EKS must not install add-ons of its own choice before ours"
  }
  assert {
    condition     = output.arn == "arn:aws:eks:us-east-1:111111111111:cluster/shop-dev"
    error_message = "the ARN must be known in the plan"
  }
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].security_group_ids == toset(["sg-api"]) && aws_security_group.api.vpc_id == "vpc-1"
    error_message = "the control plane's interfaces must have our security group from the first day on"
  }
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.api) == 0
    error_message = "nobody outside the VPC may reach the API who is not listed"
  }
}

run "administrators" {
  command = plan

  assert {
    condition     = toset([for e in aws_eks_access_entry.admin : e.principal_arn]) == var.admin_roles && alltrue([for e in aws_eks_access_entry.admin : e.type == "STANDARD"])
    error_message = "each admin role must have its access entry, path and all"
  }
  assert {
    condition = alltrue([for a in aws_eks_access_policy_association.admin :
      a.policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" && a.access_scope[0].type == "cluster"
    ]) && length(aws_eks_access_policy_association.admin) == 1
    error_message = "each admin role must be cluster administrator"
  }
}

run "key" {
  command = plan

  assert {
    condition     = aws_kms_key.secrets.enable_key_rotation && aws_kms_key.secrets.deletion_window_in_days == 30 && aws_kms_alias.secrets.name == "alias/shop-dev-cluster"
    error_message = "the key must rotate, take its time to be deleted and have the given alias"
  }
  assert {
    condition = jsondecode(aws_kms_key.secrets.policy).Statement[*].Principal.AWS == [
      "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/shop-dev-cluster",
    ]
    error_message = "only the account's IAM and the cluster's role may use the key"
  }
  assert {
    condition     = jsondecode(aws_kms_key.secrets.policy).Statement[1].Action == ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"]
    error_message = "the cluster's role must not manage the key"
  }
}

run "roles" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.cluster.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111111111111" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:eks:us-east-1:111111111111:cluster/shop-dev" }
      }
    }]
    error_message = "only EKS, for this cluster, may use the control plane's role"
  }
  assert {
    condition     = aws_iam_role_policy_attachment.cluster.policy_arn == "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    error_message = "the control plane needs its managed policy"
  }
  assert {
    condition = toset(values(aws_iam_role_policy_attachment.node)[*].policy_arn) == toset([
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ])
    error_message = "a node may join and pull images, and no more"
  }
  assert {
    condition     = jsondecode(aws_iam_role.node.assume_role_policy).Statement[*].Principal == [{ Service = "ec2.amazonaws.com" }]
    error_message = "only EC2 may use the nodes' role"
  }
  assert {
    condition = {
      for name, role in aws_iam_role.addon : name => jsondecode(role.assume_role_policy).Statement
      } == {
      for name, account in { aws-ebs-csi-driver = "ebs-csi-controller-sa", vpc-cni = "aws-node" } : name => [{
        Effect    = "Allow"
        Principal = { Service = "pods.eks.amazonaws.com" }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = {
          StringEquals = {
            "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:us-east-1:111111111111:cluster/shop-dev"
            "aws:RequestTag/kubernetes-namespace"       = "kube-system"
            "aws:RequestTag/kubernetes-service-account" = account
          }
        }
      }]
    }
    error_message = "an add-on's role must serve its service account in this cluster's kube-system only"
  }
  assert {
    condition = { for name, a in aws_iam_role_policy_attachment.addon : name => a.policy_arn } == {
      aws-ebs-csi-driver = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
      vpc-cni            = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    }
    error_message = "each add-on must have AWS's policy for it"
  }
}

run "addons" {
  command = plan

  assert {
    condition     = toset(keys(aws_eks_addon.before_nodes)) == toset(["kube-proxy", "vpc-cni"]) && toset(keys(aws_eks_addon.after_nodes)) == toset(["aws-ebs-csi-driver", "coredns"])
    error_message = "DaemonSets that make a node work come before the nodes, Deployments after them"
  }
  assert {
    condition     = tomap({ for a in concat([aws_eks_addon.identity_agent], values(aws_eks_addon.before_nodes), values(aws_eks_addon.after_nodes)) : a.addon_name => a.addon_version }) == var.addons
    error_message = "every add-on must run at its pinned version"
  }
  assert {
    condition     = jsondecode(aws_eks_addon.before_nodes["vpc-cni"].configuration_values) == { enableNetworkPolicy = "true" }
    error_message = "vpc-cni must enforce NetworkPolicies, and prefix delegation stays off"
  }
  assert {
    condition     = [for p in aws_eks_addon.before_nodes["vpc-cni"].pod_identity_association : "${p.service_account} ${p.role_arn}"] == ["aws-node arn:aws:iam::111111111111:role/shop-dev-vpc-cni"]
    error_message = "vpc-cni must have its own role"
  }
  assert {
    condition     = [for p in aws_eks_addon.after_nodes["aws-ebs-csi-driver"].pod_identity_association : "${p.service_account} ${p.role_arn}"] == ["ebs-csi-controller-sa arn:aws:iam::111111111111:role/shop-dev-ebs-csi"]
    error_message = "the EBS driver must have its own role"
  }
  assert {
    condition     = length(aws_eks_addon.after_nodes["coredns"].pod_identity_association) == 0 && length(aws_eks_addon.before_nodes["kube-proxy"].pod_identity_association) == 0
    error_message = "add-ons that do not call AWS must have no role"
  }
}

run "node_groups" {
  command = plan

  assert {
    condition     = { for name, g in aws_eks_node_group.this : name => g.node_group_name_prefix } == { burst = "burst-", general = "general-" }
    error_message = "a group's name must leave room for its replacement"
  }
  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.version == "1.34" && g.subnet_ids == toset(var.node_subnet_ids) && g.node_role_arn == "arn:aws:iam::111111111111:role/shop-dev-nodes"])
    error_message = "nodes must be of the control plane's version, in the private subnets of all zones"
  }
  assert {
    condition = (
      aws_eks_node_group.this["general"].instance_types == tolist(["m7g.large", "c7gn.large"]) &&
      aws_eks_node_group.this["general"].ami_type == "AL2023_ARM_64_STANDARD" &&
      aws_eks_node_group.this["general"].capacity_type == "ON_DEMAND" &&
      aws_eks_node_group.this["general"].launch_template[0].id == "lt-general" &&
      aws_eks_node_group.this["general"].launch_template[0].version == "7"
    )
    error_message = "a group must be of the given machines, from its template's latest version"
  }
  assert {
    condition     = aws_eks_node_group.this["burst"].scaling_config[0].min_size == 0 && aws_eks_node_group.this["burst"].scaling_config[0].desired_size == 0 && aws_eks_node_group.this["burst"].scaling_config[0].max_size == 10
    error_message = "a group must start at its minimum"
  }
  assert {
    condition     = toset([for t in aws_eks_node_group.this["burst"].taint : "${t.key} ${t.effect}"]) == toset(["gpu NO_SCHEDULE", "shop.example/spot PREFER_NO_SCHEDULE"])
    error_message = "taints must be spelt as EKS does"
  }
  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.update_config[0].max_unavailable_percentage == 33 && g.node_repair_config[0].enabled])
    error_message = "an update must leave two thirds of a group alone, and broken nodes be replaced"
  }
  assert {
    condition = { for t in aws_autoscaling_group_tag.node_template : t.tag[0].key => t.tag[0].value } == {
      "k8s.io/cluster-autoscaler/node-template/label/shop.example/capacity" = "spot"
      "k8s.io/cluster-autoscaler/node-template/taint/gpu"                   = "t4:NoSchedule"
      "k8s.io/cluster-autoscaler/node-template/taint/shop.example/spot"     = ":PreferNoSchedule"
    }
    error_message = "the autoscaler must know the labels and taints of a group without nodes"
  }
}

run "launch_templates" {
  command = plan

  assert {
    condition = alltrue([for t in aws_launch_template.node :
      t.metadata_options[0].http_endpoint == "enabled" && t.metadata_options[0].http_tokens == "required" && t.metadata_options[0].http_put_response_hop_limit == 1
    ])
    error_message = "pods must not reach the node's credentials"
  }
  assert {
    condition = alltrue([for name, t in aws_launch_template.node :
      t.block_device_mappings[0].device_name == "/dev/xvda" && t.block_device_mappings[0].ebs[0].encrypted == "true" &&
      t.block_device_mappings[0].ebs[0].volume_type == "gp3" && t.block_device_mappings[0].ebs[0].volume_size == var.node_groups[name].disk_size
    ])
    error_message = "the root volume must be encrypted gp3 of the given size"
  }
  assert {
    condition     = alltrue([for t in aws_launch_template.node : t.image_id == null && t.instance_type == null && t.user_data == null && t.key_name == null && length(t.network_interfaces) == 0])
    error_message = "image, user data and network are EKS's to choose, and nobody logs in by SSH"
  }
  assert {
    condition = alltrue([for name, t in aws_launch_template.node :
      t.monitoring[0].enabled && toset(t.tag_specifications[*].resource_type) == toset(["instance", "network-interface", "volume"]) &&
      alltrue([for s in t.tag_specifications : s.tags == tomap({ Environment = "dev", Name = "shop-dev-${name}" })])
    ])
    error_message = "machines, interfaces and volumes must carry the platform's tags and a name"
  }
}

run "private_endpoint_for_connected_networks" {
  command = plan

  variables {
    private_access_cidrs = ["10.8.0.0/16", "10.9.0.0/16"]
  }

  assert {
    condition = length(aws_vpc_security_group_ingress_rule.api) == 2 && alltrue([for cidr, rule in aws_vpc_security_group_ingress_rule.api :
      rule.cidr_ipv4 == cidr && rule.security_group_id == "sg-api" && rule.ip_protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443
    ])
    error_message = "each listed network must reach the API's port, and no other"
  }
  assert {
    condition     = !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "a connected network must not open the public endpoint"
  }
}

run "public_endpoint_with_an_allow_list" {
  command = plan

  variables {
    public_access_cidrs = ["203.0.113.0/24"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].endpoint_private_access
    error_message = "an allow list must open the public endpoint, beside the private one"
  }
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "only the listed networks may reach the public endpoint"
  }
}
