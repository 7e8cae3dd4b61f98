namespace Asyncio.Http;

/// <summary>Sends a request: what a middleware calls to go on.</summary>
public delegate Coroutine<ClientResponse> ClientHandler(ClientRequest request);
