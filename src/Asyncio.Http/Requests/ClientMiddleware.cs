namespace Asyncio.Http;

/// <summary>Stands between the caller and the sending of each request: may change the request, call <paramref name="next"/> once, several times or not at all, look at the answer. An answer that it does not hand on it disposes of. Runs in the caller's task; what is cancelled there is cancelled in it. Aiohttp: client middleware.</summary>
public delegate Coroutine<ClientResponse> ClientMiddleware(ClientRequest request, ClientHandler next);
