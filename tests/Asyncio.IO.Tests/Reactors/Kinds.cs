using Asyncio.LowLevel;
using Xunit;

// Descriptors are counted and limited here, for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Asyncio.IO.Tests.Reactors;

/// <summary>Every test of the contract runs on every kind.</summary>
public static class Kinds
{
    public static TheoryData<ReactorKind> All => [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable];
}
