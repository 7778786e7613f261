locals {
  # AWS's managed policies for its own add-ons.
  addon_policies = {
    aws-ebs-csi-driver = "service-role/AmazonEBSCSIDriverPolicy"
    vpc-cni            = "AmazonEKS_CNI_Policy"
  }
}

# EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity": the tags come from EKS, so a
# role serves one service account of one cluster, whatever else an association may say.
resource "aws_iam_role" "addon" {
  for_each = var.addon_roles

  name                 = each.value.role_name
  description          = "EKS add-on ${each.key} of ${var.name}"
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = local.arn
          "aws:RequestTag/kubernetes-namespace"       = "kube-system"
          "aws:RequestTag/kubernetes-service-account" = each.value.service_account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each = var.addon_roles

  role       = aws_iam_role.addon[each.key].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/${local.addon_policies[each.key]}"
}
