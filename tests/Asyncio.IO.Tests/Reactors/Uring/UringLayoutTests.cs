using System.Runtime.InteropServices;
using Xunit;

namespace Asyncio.IO.Tests.Reactors.Uring;

/// <summary>The kernel's structures, byte by byte: an error here would be read as other data.</summary>
public unsafe class UringLayoutTests
{
    [Fact]
    public void Structures_have_the_kernels_sizes()
    {
        Assert.Equal(64, sizeof(SubmissionEntry));
        Assert.Equal(16, sizeof(CompletionEntry));
        Assert.Equal(40, sizeof(SubmissionOffsets));
        Assert.Equal(40, sizeof(CompletionOffsets));
        Assert.Equal(120, sizeof(UringParameters));
        Assert.Equal(24, sizeof(EnterArguments));
        Assert.Equal(16, sizeof(KernelTimespec));
        Assert.Equal(40, sizeof(BufferRingRegistration));
        Assert.Equal(16, sizeof(ProvidedBuffer));
    }

    [Theory]
    [InlineData(nameof(SubmissionEntry.Opcode), 0)]
    [InlineData(nameof(SubmissionEntry.Flags), 1)]
    [InlineData(nameof(SubmissionEntry.Repetition), 2)]
    [InlineData(nameof(SubmissionEntry.Descriptor), 4)]
    [InlineData(nameof(SubmissionEntry.Offset), 8)]
    [InlineData(nameof(SubmissionEntry.Address), 16)]
    [InlineData(nameof(SubmissionEntry.Length), 24)]
    [InlineData(nameof(SubmissionEntry.OperationFlags), 28)]
    [InlineData(nameof(SubmissionEntry.UserData), 32)]
    [InlineData(nameof(SubmissionEntry.BufferGroup), 40)]
    public void Submission_entry(string field, int offset) => Assert.Equal(offset, OffsetOf<SubmissionEntry>(field));

    [Theory]
    [InlineData(nameof(CompletionEntry.UserData), 0)]
    [InlineData(nameof(CompletionEntry.Result), 8)]
    [InlineData(nameof(CompletionEntry.Flags), 12)]
    public void Completion_entry(string field, int offset) => Assert.Equal(offset, OffsetOf<CompletionEntry>(field));

    [Theory]
    [InlineData(nameof(UringParameters.Flags), 8)]
    [InlineData(nameof(UringParameters.Features), 20)]
    [InlineData(nameof(UringParameters.Submission), 40)]
    [InlineData(nameof(UringParameters.Completion), 80)]
    public void Parameters(string field, int offset) => Assert.Equal(offset, OffsetOf<UringParameters>(field));

    [Theory]
    [InlineData(nameof(ProvidedBuffer.Address), 0)]
    [InlineData(nameof(ProvidedBuffer.Length), 8)]
    [InlineData(nameof(ProvidedBuffer.Id), 12)]
    [InlineData(nameof(ProvidedBuffer.Tail), 14)]
    public void Provided_buffer(string field, int offset) => Assert.Equal(offset, OffsetOf<ProvidedBuffer>(field));

    [Theory]
    [InlineData(nameof(NativeMessage.AddressPointer), 0)]
    [InlineData(nameof(NativeMessage.AddressLength), 8)]
    [InlineData(nameof(NativeMessage.Parts), 16)]
    [InlineData(nameof(NativeMessage.PartCount), 24)]
    [InlineData(nameof(NativeMessage.Control), 32)]
    [InlineData(nameof(NativeMessage.ControlLength), 40)]
    [InlineData(nameof(NativeMessage.Flags), 48)]
    public void Message(string field, int offset) => Assert.Equal(offset, OffsetOf<NativeMessage>(field));

    private static int OffsetOf<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
