using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class ChannelTableTests
{
    [Fact]
    public void A_key_never_finds_somebody_else()
    {
        using var rig = new Rig(ReactorKind.Portable);
        var table = new ChannelTable();
        var keys = new Dictionary<ulong, ReadinessChannel?>();
        var random = new Random(1);
        ReadinessChannel[] channels = [.. Enumerable.Range(0, 5).Select(_ => (ReadinessChannel)rig.Connect().Channel)];
        for (var i = 0; i < 500; i++)
        {
            var open = keys.Where(pair => pair.Value is not null).Select(pair => pair.Key).ToArray();
            if (open.Length == 0 || random.Next(5) < 3)
            {
                var channel = channels[random.Next(channels.Length)];
                Assert.True(keys.TryAdd(table.Add(channel), channel), "a key was given twice");
            }
            else
            {
                var closed = open[random.Next(open.Length)];
                table.Remove(closed);
                keys[closed] = null;
            }

            Assert.All(keys, pair => Assert.Same(pair.Value, table.Find(pair.Key)));
        }
    }
}
