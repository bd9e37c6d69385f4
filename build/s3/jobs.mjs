// What applications do with npm's @aws-sdk/client-s3: a tree, a large object in parts with checksums, presigned links, versions. Ends with 1 where a
// byte differs. FILES: how many small objects. BIG: MiB of the large one. AWS_* say where.
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createRequire } from 'node:module';
import * as aws from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const MiB = 1 << 20;
const files = Number(process.env.FILES ?? 300);
const big = Number(process.env.BIG ?? 64);
const s3 = new aws.S3Client({ endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_DEFAULT_REGION ?? 'us-east-1', forcePathStyle: true });
const Bucket = `npm-${process.pid}-${Date.now()}`;
const send = (name, input) => s3.send(new aws[`${name}Command`]({ Bucket, ...input }));

function same(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`npm: ${what}: ${JSON.stringify(got)} is not ${JSON.stringify(wanted)}`);
}

const body = (n) => `file ${n} of many\n`.repeat(n % 50);

async function each(items, workers, act) {
  const rest = items.entries();
  await Promise.all(Array.from({ length: workers }, async () => { for (const [i, item] of rest) await act(item, i); }));
}

async function tree() {
  const keys = Array.from({ length: files }, (_, n) => `tree/d${n % 17}/ä b+c/${n}`);
  await each(keys, 8, (Key, n) => send('PutObject', { Key, Body: body(n) }));
  const listed = [];
  for await (const page of aws.paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'tree/' })) listed.push(...(page.Contents ?? []).map((o) => o.Key));
  same(listed, [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))), 'the listing');
  await each(keys, 8, async (Key, n) => same(await (await send('GetObject', { Key })).Body.transformToString(), body(n), Key));
}

async function large() {
  const up = createHash('sha256');
  const down = createHash('sha256');
  const source = Readable.from((function* () { for (let i = 0; i < big; i++) { const part = randomBytes(MiB); up.update(part); yield part; } })());
  const params = { Bucket, Key: 'big', Body: source, ChecksumAlgorithm: 'CRC64NVME' };
  await new Upload({ client: s3, params, partSize: 16 * MiB, queueSize: 4 }).done();
  const { Body, ContentLength } = await send('GetObject', { Key: 'big', ChecksumMode: 'ENABLED' });
  same(ContentLength, big * MiB, 'the length');
  for await (const part of Body) down.update(part);
  same(down.digest('hex'), up.digest('hex'), 'the large object');
}

async function presigned() {
  const up = await getSignedUrl(s3, new aws.PutObjectCommand({ Bucket, Key: 'signed' }), { expiresIn: 300 });
  same((await fetch(up, { method: 'PUT', body: 'by a link' })).status, 200, 'the presigned upload');
  const down = await getSignedUrl(s3, new aws.GetObjectCommand({ Bucket, Key: 'signed' }), { expiresIn: 300 });
  same(await (await fetch(down)).text(), 'by a link', 'the presigned download');
}

async function versions() {
  await send('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
  const ids = [];
  for (let n = 0; n < 3; n++) ids.push((await send('PutObject', { Key: 'kept', Body: `version ${n}` })).VersionId);
  same((await send('DeleteObject', { Key: 'kept' })).DeleteMarker, true, 'the delete marker');
  for (const [n, VersionId] of ids.entries()) same(await (await send('GetObject', { Key: 'kept', VersionId })).Body.transformToString(), `version ${n}`, 'a version');
}

async function clear() {
  for (let page, marker = {}; page?.IsTruncated !== false; marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }) {
    page = await send('ListObjectVersions', marker);
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) same((await send('DeleteObjects', { Delete: { Objects } })).Errors, undefined, 'the deletes');
  }
  await send('DeleteBucket', {});
}

await send('CreateBucket', {});
await tree();
await large();
await presigned();
await versions();
await clear();
console.log(`@aws-sdk/client-s3 ${createRequire(import.meta.url)('@aws-sdk/client-s3/package.json').version}: all of it worked`);
