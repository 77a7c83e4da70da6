/** Under this key lies the one signed file of a copy; whoever writes it first has signed it for good. */
export const signedKey = (id: string) => `copies/${id}/signed.pdf`
