namespace Asyncio.Http;

/// <summary>An answer that led on to another URL.</summary>
/// <param name="Status">The status: 301, 302, 303, 307 or 308.</param>
/// <param name="Method">The method that was used.</param>
/// <param name="Url">What was asked for.</param>
/// <param name="Location">Where it led.</param>
public sealed record RedirectStep(int Status, string Method, Uri Url, Uri Location);
