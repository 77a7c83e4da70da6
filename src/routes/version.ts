/** Semantic version of the API as callers see it; the reply header `API-Version` and the OpenAPI document carry it. */
export const apiVersion = '1.0.0'
