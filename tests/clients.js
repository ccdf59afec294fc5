// Every recorded call of midtrans-client 1.4.3, made again. Called by tests/clients.
'use strict';
const assert = require('assert');
const { randomUUID } = require('crypto');
const fs = require('fs');
const { CoreApi, Iris, Snap } = require('midtrans-client');
const ApiConfig = require('midtrans-client/lib/apiConfig');

const BASE = process.env.BASE;
ApiConfig.CORE_SANDBOX_BASE_URL = BASE;
ApiConfig.SNAP_SANDBOX_BASE_URL = `${BASE}/snap/v1`;
ApiConfig.IRIS_SANDBOX_BASE_URL = `${BASE}/iris/api/v1`;

const { exchanges } = JSON.parse(fs.readFileSync('tests/data/midtrans/nodejs-midtrans-client-1.4.3.json'));
const MISSING = ['order_id with slash, unescaped', 'order_id with hash, unescaped'];

// The recorded body for an order of its own; a recorded deadline has long passed.
function fresh(body) {
  const { custom_expiry, expiry, ...rest } = body;
  return { ...rest, transaction_details: { ...body.transaction_details, order_id: `JS-${randomUUID()}` } };
}

async function main() {
  const keys = await (await fetch(`${BASE}/key`)).json();
  const made = (Kind, serverKey) => new Kind({ isProduction: false, serverKey, clientKey: keys.client_key });
  const core = made(CoreApi, keys.server_key);
  const snap = made(Snap, keys.server_key);
  const creator = made(Iris, keys.iris_creator_key);
  const approver = made(Iris, keys.iris_approver_key);
  const recorded = JSON.parse(exchanges.find((e) => e.label === 'core.charge qris').request.body_raw);

  // An order that is charged, and then what the bank does.
  async function charged(set) {
    const answer = await core.charge(fresh(recorded));
    if (set) {
      const order = JSON.stringify({ order_id: answer.order_id, set });
      const told = await fetch(`${BASE}/control`, { method: 'POST', body: order });
      assert.strictEqual(told.status, 200, await told.text());
    }
    return answer;
  }
  const paid = async () => (await charged({ transaction_status: 'settlement' })).order_id;
  const suspicious = async () =>
    (await charged({ transaction_status: 'capture', fraud_status: 'challenge' })).order_id;
  const beneficiary = (body) => {
    const account = String(Date.now());
    return { ...body, account, alias_name: `siti${account}` };
  };
  let payouts = [];
  const calls = {
    'snap.createTransaction': (body) => snap.createTransaction(fresh(body)),
    'core.charge qris': (body) => core.charge(fresh(body)),
    'core.charge bank_transfer bri': (body) => core.charge(fresh(body)),
    'transaction.status': async () => core.transaction.status(await paid()),
    'transaction.cancel': async () => core.transaction.cancel((await charged()).order_id),
    'transaction.expire': async () => core.transaction.expire((await charged()).order_id),
    'transaction.approve': async () => core.transaction.approve(await suspicious()),
    'transaction.deny': async () => core.transaction.deny(await suspicious()),
    'transaction.refund': async (body) => core.transaction.refund(await paid(), body),
    'transaction.refundDirect': async (body) => core.transaction.refundDirect(await paid(), body),
    'transaction.notification': async () =>
      core.transaction.notification(await charged({ transaction_status: 'settlement' })),
    'order_id with slash, unescaped': () => core.transaction.status('INV/2026/01'),
    'order_id with hash, unescaped': () => core.transaction.status('INV#1'),
    'iris.ping': () => creator.ping(),
    'iris.createBeneficiaries': (body) => creator.createBeneficiaries(beneficiary(body)),
    'iris.getBeneficiaries': () => creator.getBeneficiaries(),
    'iris.validateBankAccount': () => creator.validateBankAccount({ bank: 'bri', account: '1172993826' }),
    'iris.createPayouts': async (body) => {
      const answer = await creator.createPayouts(body);
      payouts = answer.payouts.map((payout) => payout.reference_no);
      return answer;
    },
    'iris.approvePayouts': (body) => approver.approvePayouts({ ...body, reference_nos: [payouts[0]] }),
    'iris.rejectPayouts': (body) => approver.rejectPayouts({ ...body, reference_nos: [payouts[1]] }),
    'iris.getPayoutDetails': () => creator.getPayoutDetails(payouts[0]),
    'iris.getBalance': () => creator.getBalance(),
    'iris.getTransactionHistory': (body) => creator.getTransactionHistory(body),
    // The same headers with a key of its own; no notice may go to a stranger's address.
    'core.charge with global default headers': async (body) => {
      const { common } = core.httpClient.http_client.defaults.headers;
      common['X-Override-Notification'] = `${BASE}/key`;
      common['Idempotency-Key'] = randomUUID();
      const [first, second] = [await core.charge(fresh(body)), await core.charge(fresh(body))];
      assert.deepStrictEqual(first, second, 'the key was not recognised');
      return first;
    },
  };

  for (const { label, request, response } of exchanges) {
    const name = label.split(' (')[0];
    assert(calls[name], `nobody makes the call ${label}`);
    const body = request.body_raw ? JSON.parse(request.body_raw) : undefined;
    let got;
    try {
      got = await calls[name](body);
    } catch (error) {
      assert(MISSING.includes(name) && Number(error.httpStatusCode) === 404, `${label}: ${error.stack || error}`);
      continue;
    }
    // Unescaped, these ask for what does not exist; the recorder answered the first all the same.
    assert(!MISSING.includes(name), `${label}: ${JSON.stringify(got)}`);
    const expected = response.body;
    assert.strictEqual(typeof got, typeof expected, label);
    assert.strictEqual(Array.isArray(got), Array.isArray(expected), label);
    if (typeof expected === 'string') {
      assert.strictEqual(got, expected, label);
    } else if (!Array.isArray(expected)) {
      const answers = ['refund_key', 'qr_string', 'actions', 'acquirer'];
      const missing = Object.keys(expected).filter((field) => !(field in got) && !answers.includes(field));
      assert.deepStrictEqual(missing, [], `${label}: ${JSON.stringify(got)}`);
      assert.strictEqual(got.status_code, expected.status_code, label);
    }
  }
  console.log(`Node client: ${exchanges.length} calls`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
