/** Where the sandbox of an app is reached; its tokens bear this address as their issuer, as the live ones bear the live one. */
export const sandboxOrigin = (origin: string, app: string) => `${origin}/sandboxes/${app}`

/** What every paper and page of a sandbox bears where nobody can miss it. */
export const sandboxMark = 'SANDBOX – không có giá trị pháp lý – no legal value'

/** What the door took off an address on the way into a sandbox; nobody else sets it. */
export const forwardedPrefix = 'x-forwarded-prefix'
