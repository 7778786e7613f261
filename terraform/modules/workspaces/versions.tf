terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    tfe = {
      source  = "hashicorp/tfe"
      version = ">= 0.71, < 1.0"
    }
  }
}
