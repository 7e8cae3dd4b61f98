using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

public class ClientTlsOptionsTests
{
    /// <summary>Also what a later .NET adds: then this fails, and the copy is to be completed.</summary>
    [Fact]
    public void The_copy_of_the_users_options_has_all_of_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "Some options cannot be set elsewhere.");
        var options = new SslClientAuthenticationOptions();
        foreach (var property in typeof(SslClientAuthenticationOptions).GetProperties().Where(property => property.CanWrite))
        {
            if (property.PropertyType == typeof(CipherSuitesPolicy) || property.PropertyType == typeof(EncryptionPolicy))
            {
                continue; // there is no second value that every system has
            }

            var value = Other(property.PropertyType, property.GetValue(options));
            Assert.NotNull(value);
            property.SetValue(options, value);
        }

        var copy = ClientTlsOptions.WithTarget(options, options.TargetHost!);
        foreach (var property in typeof(SslClientAuthenticationOptions).GetProperties().Where(property => property.CanWrite))
        {
            Assert.Equal(property.GetValue(options), property.GetValue(copy));
        }
    }

    private static object? Other(Type type, object? value) =>
        type == typeof(bool) ? !(bool)value!
        : type == typeof(string) ? "host"
        : type == typeof(List<SslApplicationProtocol>) ? new List<SslApplicationProtocol> { SslApplicationProtocol.Http2 }
        : type == typeof(X509ChainPolicy) ? new X509ChainPolicy()
        : type == typeof(X509RevocationMode) ? X509RevocationMode.Offline
        : type == typeof(SslStreamCertificateContext) ? SslStreamCertificateContext.Create(Certificates.Server, null)
        : type == typeof(X509CertificateCollection) ? new X509CertificateCollection()
        : type == typeof(SslProtocols) ? SslProtocols.Tls13
        : type == typeof(LocalCertificateSelectionCallback) ? new LocalCertificateSelectionCallback((_, _, _, _, _) => null!)
        : type == typeof(RemoteCertificateValidationCallback) ? new RemoteCertificateValidationCallback((_, _, _, _) => true)
        : null;
}
