/**
 * Stands in for the SDK's cache of discovered endpoints in a bundle (8 KB). The DynamoDB client makes one and none of its
 * commands uses it: each region has its one endpoint. It has no methods, so that whoever came to use it would fail.
 */
export class EndpointCache {}
