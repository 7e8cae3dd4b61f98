using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Asyncio.Redis.Tests.Servers;

/// <summary>A certificate for <c>localhost</c>, made for this run and trusted by nobody but these tests.</summary>
internal static class Certificates
{
    public static X509Certificate2 Server { get; } = Make();

    /// <summary>Trusts the certificate, and still wants the right name.</summary>
    public static SslClientAuthenticationOptions ClientOptions => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Server },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <summary>For programs that want files; they are gone with this process.</summary>
    public static (string Certificate, string Key) Files => s_files.Value;

    private static readonly Lazy<(string Certificate, string Key)> s_files = new(WriteFiles);

    private static (string Certificate, string Key) WriteFiles()
    {
        var folder = Directory.CreateTempSubdirectory("asyncio-tls-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var certificate = Path.Combine(folder, "certificate.pem");
        var key = Path.Combine(folder, "key.pem");
        File.WriteAllText(certificate, Server.ExportCertificatePem());
        File.WriteAllText(key, Server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (certificate, key);
    }

    private static X509Certificate2 Make()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
