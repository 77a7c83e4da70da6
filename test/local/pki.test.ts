import 'reflect-metadata'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate, X509Crl } from '@peculiar/x509'
import { expect, test } from 'vitest'
import { openPki } from '../../src/local/pki.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'motcua-pki-'))
const order = { commonName: 'Trần Văn Bình', organisation: 'Ủy ban nhân dân phường Cửa Nam', kind: 'officer' as const }

test('a folder keeps its PKI: opening it again gives the same authorities and the same named leafs', async () => {
  const place = folder()
  const first = await openPki(place)
  const again = await openPki(place)
  expect(again.root).toEqual(first.root)
  expect(again.issuing).toEqual(first.issuing)
  expect(await again.leaf('binh', order)).toEqual(await first.leaf('binh', order))
})

test('root.pem and issuing.pem lie in the folder for other tools; keys are readable for the owner only', async () => {
  const pki = await openPki(folder())
  for (const name of ['root', 'issuing'] as const) {
    const pem = new X509Certificate(readFileSync(join(pki.folder, `${name}.pem`), 'utf8'))
    expect(new Uint8Array(pem.rawData)).toEqual(pki[name])
    expect(statSync(join(pki.folder, `${name}.key`)).mode & 0o077).toBe(0)
  }
})

test('leafs name the person and their unit, are signed by the issuing authority, and say where its list is', async () => {
  const pki = await openPki(folder(), { crlUrl: 'http://lists.example/crl' })
  const certificate = new X509Certificate((await pki.issueLeaf(order)).certificate)
  expect(certificate.subject).toContain(`CN=${order.commonName}`)
  expect(certificate.subject).toContain(`O=${order.organisation}`)
  expect(await certificate.verify({ publicKey: new X509Certificate(pki.issuing) })).toBe(true)
  expect(Buffer.from(certificate.rawData).includes('http://lists.example/crl/issuing.crl')).toBe(true)
})

test('a revoked leaf is on the next list of the issuing authority', async () => {
  const pki = await openPki(folder())
  const leaf = await pki.issueLeaf(order)
  pki.revoke(leaf.serialNumber)
  const [root, issuing] = (await pki.crls()).map((list) => new X509Crl(list))
  expect(issuing?.findRevoked(leaf.serialNumber)?.serialNumber).toBe(leaf.serialNumber)
  expect(root?.entries).toHaveLength(0)
  expect(await issuing?.verify({ publicKey: new X509Certificate(pki.issuing) })).toBe(true)
})
