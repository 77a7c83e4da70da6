/** Where a payer is sent, in place of a bank: one button for each thing that can happen. */
export function paymentPage(
  order: { reference: string; amount: number; description: string; outcome: string },
  scenarios: readonly string[],
  action: string,
): string {
  const buttons = scenarios
    .map((one) => `<button name="scenario" value="${one}">${words[one] ?? one}</button>`)
    .join('\n')
  const amount = new Intl.NumberFormat('vi-VN').format(order.amount)
  return `<!doctype html>
<html lang="vi">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Thanh toán thử</title>
<style>body{font:1rem/1.5 system-ui;max-width:32rem;margin:3rem auto;padding:0 1rem}button{display:block;width:100%;margin:.5rem 0;padding:.7rem;font:inherit}</style>
<h1>Thanh toán thử <small lang="en">(simulated payment)</small></h1>
<p>Hồ sơ ${escaped(order.description)}: <strong>${amount} đồng</strong>. ${escaped(order.outcome)}</p>
<form method="post" action="${escaped(action)}">
${buttons}
</form>
</html>
`
}

const words: Record<string, string> = {
  success: 'Nộp tiền – pay',
  failure: 'Bị từ chối – refused',
  duplicate: 'Nộp tiền, báo ba lần – pay, told three times',
  silent: 'Nộp tiền, không báo – pay, never told',
  timeout: 'Hết giờ – time runs out',
  late: 'Tiền đến muộn – money comes late',
  'wrong-amount': 'Thiếu 1.000 đồng – 1,000 VND too little',
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
