# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
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

run "refuses_cluster_name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name                    = "shop.dev"
    control_plane_log_group = "/aws/eks/shop.dev/cluster"
  }
}

run "refuses_log_group_of_another_cluster" {
  command         = plan
  expect_failures = [aws_eks_cluster.this]

  variables {
    control_plane_log_group = "/shop/dev/control-plane"
  }
}

run "refuses_alias_without_prefix" {
  command         = plan
  expect_failures = [var.key_alias]

  variables {
    key_alias = "shop-dev-cluster"
  }
}

run "refuses_patch_version" {
  command         = plan
  expect_failures = [var.kubernetes_version]

  variables {
    kubernetes_version = "1.34.1"
  }
}

run "refuses_image_of_another_version" {
  command         = plan
  expect_failures = [var.ami_release]

  variables {
    ami_release = "1.33.5-20251112"
  }
}

run "refuses_public_service_cidr" {
  command         = plan
  expect_failures = [var.service_cidr]

  variables {
    service_cidr = "203.0.113.0/24"
  }
}

run "refuses_small_service_cidr" {
  command         = plan
  expect_failures = [var.service_cidr]

  variables {
    service_cidr = "172.20.0.0/25"
  }
}

run "refuses_one_zone_for_the_control_plane" {
  command         = plan
  expect_failures = [var.endpoint_subnet_ids]

  variables {
    endpoint_subnet_ids = ["subnet-intra-a"]
  }
}

run "refuses_a_third_zone_for_the_control_plane" {
  command         = plan
  expect_failures = [var.endpoint_subnet_ids]

  variables {
    endpoint_subnet_ids = ["subnet-intra-a", "subnet-intra-b", "subnet-intra-c"]
  }
}

run "refuses_private_access_from_everywhere" {
  command         = plan
  expect_failures = [var.private_access_cidrs]

  variables {
    private_access_cidrs = ["0.0.0.0/0"]
  }
}

run "refuses_private_access_from_an_address" {
  command         = plan
  expect_failures = [var.private_access_cidrs]

  variables {
    private_access_cidrs = ["10.8.0.1/16"]
  }
}

run "refuses_one_zone_for_nodes" {
  command         = plan
  expect_failures = [var.node_subnet_ids]

  variables {
    node_subnet_ids = ["subnet-private-a"]
  }
}

run "refuses_api_open_to_everybody" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    public_access_cidrs = ["0.0.0.0/0"]
  }
}

run "refuses_api_open_to_everybody_in_halves" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    public_access_cidrs = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}

run "refuses_private_network_at_the_public_endpoint" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    public_access_cidrs = ["10.1.0.0/16"]
  }
}

run "refuses_address_with_host_bits_at_the_public_endpoint" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    public_access_cidrs = ["203.0.113.7/24"]
  }
}

run "refuses_more_networks_than_eks_allows" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    public_access_cidrs = [for i in range(41) : "203.0.113.${i}/32"]
  }
}

run "refuses_assumed_role_as_administrator" {
  command         = plan
  expect_failures = [var.admin_roles]

  variables {
    admin_roles = ["arn:aws:sts::111111111111:assumed-role/admin/somebody"]
  }
}

run "refuses_cluster_without_identity_agent" {
  command         = plan
  expect_failures = [var.addons]

  variables {
    addons = {
      coredns    = "v1.12.4-eksbuild.1"
      kube-proxy = "v1.34.1-eksbuild.2"
      vpc-cni    = "v1.21.1-eksbuild.1"
    }
    addon_roles = { vpc-cni = { role_name = "shop-dev-vpc-cni", service_account = "aws-node" } }
  }
}

run "refuses_floating_addon_version" {
  command         = plan
  expect_failures = [var.addons]

  variables {
    addons = {
      aws-ebs-csi-driver     = "v1.54.0-eksbuild.1"
      coredns                = "latest"
      eks-pod-identity-agent = "v1.3.10-eksbuild.2"
      kube-proxy             = "v1.34.1-eksbuild.2"
      vpc-cni                = "v1.21.1-eksbuild.1"
    }
  }
}

run "refuses_vpc_cni_without_its_role" {
  command         = plan
  expect_failures = [var.addon_roles]

  variables {
    addon_roles = { aws-ebs-csi-driver = { role_name = "shop-dev-ebs-csi", service_account = "ebs-csi-controller-sa" } }
  }
}

run "refuses_node_group_name_without_room" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      ggggggggggggggggggggggggggggggggggggg = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_nodes_only_on_demand_of_the_autoscaler" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 0, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_nodes_that_coredns_does_not_tolerate" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = [{ key = "a", effect = "NO_SCHEDULE" }]
      }
    }
  }
}

run "refuses_more_nodes_at_least_than_at_most" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 7, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_capacity_as_the_spec_spells_it" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "spot", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_other_images" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "BOTTLEROCKET_ARM_64", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_instance_type_of_another_processor" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large", "m7i.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_graviton_with_an_x86_image" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_x86_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_no_instance_type" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = [], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
    }
  }
}

run "refuses_small_disk" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 8, labels = {}, taints = []
      }
    }
  }
}

run "refuses_taint_effect_as_the_spec_spells_it" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = [{ key = "a", effect = "PREFER_NO_SCHEDULE" }, { key = "b", effect = "PreferNoSchedule" }]
      }
    }
  }
}

run "refuses_two_taints_with_one_key" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = [{ key = "a", value = "1", effect = "PREFER_NO_SCHEDULE" }, { key = "a", value = "2", effect = "PREFER_NO_SCHEDULE" }]
      }
    }
  }
}

run "refuses_reserved_label" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = {
      general = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = {}, taints = []
      }
      other = {
        instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD", min = 2, max = 6
        capacity       = "ON_DEMAND", disk_size = 50, labels = { "node-role.kubernetes.io/worker" = "" }, taints = []
      }
    }
  }
}

run "refuses_role_names_that_iam_refuses" {
  command         = plan
  expect_failures = [var.role_name, var.node_role_name, var.addon_roles]

  variables {
    role_name      = "shop dev"
    node_role_name = "shop-dev-nodes-that-have-a-name-which-is-longer-than-iam-can-take-it"
    addon_roles = {
      aws-ebs-csi-driver = { role_name = "", service_account = "ebs-csi-controller-sa" }
      vpc-cni            = { role_name = "shop-dev-vpc-cni", service_account = "aws-node" }
    }
  }
}
