import { html } from 'hono/html'

/** The interactive reference. Script and style come from this very service, so it works where there is no other network. */
export const docsPage = html`<!doctype html>
  <html lang="vi">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>motcua · API</title>
      <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
      <link rel="icon" href="data:," />
    </head>
    <body>
      <div id="reference"></div>
      <script src="/docs/assets/swagger-ui-bundle.js"></script>
      <script src="/docs/assets/docs.js"></script>
    </body>
  </html>`
