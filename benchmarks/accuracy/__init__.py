"""How right a learned OpenAPI document is: applications that declare their own, learners, and a judge."""
