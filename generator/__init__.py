"""Renders the platform's Terraform variables, Helm values and Argo CD Applications from one spec.

One direction of data, and of imports (a test guards it):

    text --source--> tree --schema--> valid tree --merge--> one tree per environment
         --model--> frozen model --render--> (path, bytes) stream --writer--> disk

`rules` judges the model, `cli` is the only module that prints and exits.
"""
