using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>URLs and settings.</summary>
public class UrlTests
{
    [Theory]
    [InlineData("redis://localhost", "redis://localhost:6379 database 0")]
    [InlineData("redis://", "redis://localhost:6379 database 0")]
    [InlineData("redis://example.org:7000/5", "redis://example.org:7000 database 5")]
    [InlineData("redis://[::1]:7000?db=2", "redis://[::1]:7000 database 2")]
    [InlineData("rediss://example.org", "rediss://example.org:6379 database 0")]
    [InlineData("unix:///run/redis.sock?db=1", "unix:///run/redis.sock database 1")]
    [InlineData("unix:///run/a%20b.sock", "unix:///run/a b.sock database 0")]
    public void URLs_are_read(string url, string expected)
    {
        var options = RedisOptions.Parse(url);
        Assert.Equal(expected, options.ToString());
        Assert.Equal(url.StartsWith("rediss"), options.Ssl is not null);
    }

    [Fact]
    public void Users_and_settings_are_read()
    {
        var options = RedisOptions.Parse("redis://ada:p%40ss%3Aword@h/1?client_name=a%20b&connect_timeout=1.5&response_timeout=2&pool_timeout=3&max_connections=4");
        Assert.Equal(("ada", "p@ss:word", "a b", 1), (options.User, options.Password, options.ClientName, options.Database));
        Assert.Equal((1.5, 2, 3, 4), (options.ConnectTimeout, options.ResponseTimeout, options.PoolTimeout, options.MaxConnections));
        Assert.DoesNotContain("word", options.ToString());
        options = RedisOptions.Parse("unix://:secret@/run/redis.sock");
        Assert.Equal((null, "secret", "/run/redis.sock"), (options.User, options.Password, options.UnixSocket));
        Assert.Null(RedisOptions.Parse("redis://ada@h").Password);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("http://localhost")]
    [InlineData("redis://localhost:99999")]
    [InlineData("redis://localhost/abc")]
    [InlineData("redis://localhost/-1")]
    [InlineData("redis://localhost#1")]
    [InlineData("redis://localhost?nonsense=1")]
    [InlineData("redis://localhost?db")]
    [InlineData("redis://localhost?connect_timeout=-1")]
    [InlineData("redis://localhost?max_connections=0")]
    [InlineData("unix://")]
    [InlineData("unix://run/redis.sock")]
    public void What_is_no_URL_is_refused_with_the_URL_in_the_message(string url) =>
        Assert.Contains($"\"{url}\"", Assert.Throws<RedisUrlException>(() => RedisOptions.Parse(url)).Message);

    [Theory]
    [InlineData("http://ada:secret@localhost")]
    [InlineData("redis://ada:secret@localhost:99999")]
    [InlineData("redis://ada:sec@secret@local host")]
    [InlineData("ada:secret@localhost")]
    public void The_message_does_not_tell_the_password(string url) =>
        Assert.DoesNotContain("secret", Assert.Throws<RedisUrlException>(() => RedisOptions.Parse(url)).Message);

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        var good = new RedisOptions();
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedisClient(good with { Port = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedisClient(good with { ConnectTimeout = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedisClient(good with { ResponseTimeout = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedisClient(good with { MaxConnections = 0 }));
        Assert.Throws<ArgumentException>(() => new RedisClient(good with { UnixSocket = "/a", Ssl = new() }));
        Assert.Throws<ArgumentException>(() => new RedisClient(good with { Host = "" }));
    }
}
