from . import merge_customers, retail_anonymize
