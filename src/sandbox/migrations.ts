// Written by "npm run docs".
import m0001 from '../../migrations/0001_catalogue.sql'
import m0002 from '../../migrations/0002_identity.sql'
import m0003 from '../../migrations/0003_dossiers.sql'
import m0004 from '../../migrations/0004_copies.sql'
import m0005 from '../../migrations/0005_payments.sql'
import m0006 from '../../migrations/0006_reforms.sql'
import m0007 from '../../migrations/0007_same_matter.sql'
import m0008 from '../../migrations/0008_signing.sql'
import m0009 from '../../migrations/0009_webhooks.sql'
import m0010 from '../../migrations/0010_lending.sql'
import m0011 from '../../migrations/0011_lists.sql'
import m0012 from '../../migrations/0012_once_only.sql'
import m0013 from '../../migrations/0013_list_filters.sql'
import m0014 from '../../migrations/0014_outages.sql'
import m0015 from '../../migrations/0015_status_lists.sql'
import m0016 from '../../migrations/0016_copy_archive.sql'
import m0017 from '../../migrations/0017_signer_certificates.sql'
import m0018 from '../../migrations/0018_service_points_near.sql'
import m0019 from '../../migrations/0019_opening_hours_ledger.sql'
import m0020 from '../../migrations/0020_lists_by_time.sql'
import m0021 from '../../migrations/0021_shown_originals.sql'
import m0022 from '../../migrations/0022_mandates.sql'
import m0023 from '../../migrations/0023_archive_failures.sql'
import m0024 from '../../migrations/0024_deliveries_by_status.sql'
import m0025 from '../../migrations/0025_ocsp_answers.sql'
import m0026 from '../../migrations/0026_app_changes.sql'
import m0027 from '../../migrations/0027_used_proofs.sql'
import m0028 from '../../migrations/0028_uploads.sql'
import m0029 from '../../migrations/0029_scans.sql'
import m0030 from '../../migrations/0030_delivery_ends.sql'
import m0031 from '../../migrations/0031_payment_attempts.sql'
import m0032 from '../../migrations/0032_consents.sql'
import m0033 from '../../migrations/0033_files_by_verdict.sql'
import m0034 from '../../migrations/0034_sandbox_apps.sql'

/** Every migration with its text, in order. */
export const migrations: readonly [name: string, sql: string][] = [
  ['0001_catalogue', m0001],
  ['0002_identity', m0002],
  ['0003_dossiers', m0003],
  ['0004_copies', m0004],
  ['0005_payments', m0005],
  ['0006_reforms', m0006],
  ['0007_same_matter', m0007],
  ['0008_signing', m0008],
  ['0009_webhooks', m0009],
  ['0010_lending', m0010],
  ['0011_lists', m0011],
  ['0012_once_only', m0012],
  ['0013_list_filters', m0013],
  ['0014_outages', m0014],
  ['0015_status_lists', m0015],
  ['0016_copy_archive', m0016],
  ['0017_signer_certificates', m0017],
  ['0018_service_points_near', m0018],
  ['0019_opening_hours_ledger', m0019],
  ['0020_lists_by_time', m0020],
  ['0021_shown_originals', m0021],
  ['0022_mandates', m0022],
  ['0023_archive_failures', m0023],
  ['0024_deliveries_by_status', m0024],
  ['0025_ocsp_answers', m0025],
  ['0026_app_changes', m0026],
  ['0027_used_proofs', m0027],
  ['0028_uploads', m0028],
  ['0029_scans', m0029],
  ['0030_delivery_ends', m0030],
  ['0031_payment_attempts', m0031],
  ['0032_consents', m0032],
  ['0033_files_by_verdict', m0033],
  ['0034_sandbox_apps', m0034],
]
