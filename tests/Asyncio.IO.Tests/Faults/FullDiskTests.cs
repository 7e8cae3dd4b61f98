using Asyncio.Files;
using Asyncio.IO.Tests.Files;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Subprocesses;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>No room on the disk: who writes is told, and what he wrote before and writes again when there is room is all there.</summary>
public class FullDiskTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_device_that_is_always_full(ReactorKind kind)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        Scene.Run(kind, async () =>
        {
            Assert.Equal(kind, Aio.GetRunningLoop().ReactorKind);
            var open = FileRig.OpenIn("/dev/full");
            var file = await AsyncFile.OpenAsync("/dev/full", FileMode.Open, FileAccess.Write, bufferSize: 100);
            await file.WriteAsync(new byte[10]); // into the buffer
            await Full(() => file.FlushAsync());
            await Full(() => file.WriteAsync(new byte[200_000]));
            Assert.Equal(10, file.Position);
            await Full(file.CloseAsync); // the ten bytes could not be written
            await Full(async () => await AsyncFile.WriteAllBytesAsync("/dev/full", new byte[1]));
            await Full(async () => await AsyncFile.WriteAllTextAsync("/dev/full", "text"));
            Assert.Equal(open, FileRig.OpenIn("/dev/full"));
        });
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_file_that_may_not_grow_any_more(ReactorKind kind) => Scene.Run(kind, async () =>
    {
        var path = Path.GetTempFileName();
        try
        {
            Assert.Equal(
                "buffer 0: whole after File too large\nbuffer 1000: whole after File too large\n",
                await Limited.Output("files", $"{kind}", path, "20000"));
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_file_system_that_is_full_until_something_is_deleted(ReactorKind kind) => Scene.Run(kind, async () =>
    {
        var directory = Directory.CreateTempSubdirectory("asyncio-full-").FullName;
        try
        {
            var mounted = await InTheirOwnNamespace(directory, "true");
            Assert.SkipWhen(mounted.Length > 0, $"No file system can be mounted here: {mounted}");
            Assert.Equal(
                "buffer 0: whole after No space left on device\nbuffer 1000: whole after No space left on device\n",
                await InTheirOwnNamespace(directory, $"exec dotnet '{Limited.Path}' files {kind} '{directory}/file' 0"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    });

    /// <summary>Runs a command where a small file system is mounted, which nobody else sees.</summary>
    private static async Coroutine<string> InTheirOwnNamespace(string directory, string command)
    {
        await using var shell = await Scene.Shell(
            $"unshare --user --map-root-user --mount sh -c \"mount -t tmpfs -o size=120k none '{directory}' && {command}\"", stdout: Scene.Pipe, stderr: StdioTarget.Stdout);
        return Scene.Text((await shell.CommunicateAsync()).Stdout);
    }

    private static async Coroutine Full(Func<Coroutine> write) => Assert.Contains("No space left", (await FileRig.Throws<IOException>(write)).Message);
}
