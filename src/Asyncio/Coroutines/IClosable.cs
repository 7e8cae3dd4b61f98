namespace Asyncio;

/// <summary>A coroutine that can be thrown away unrun: whoever refuses one closes it, so that it is not reported as never awaited.</summary>
internal interface IClosable
{
    void Close();
}
