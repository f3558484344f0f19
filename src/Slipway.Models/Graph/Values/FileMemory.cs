using System.Buffers;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Bytes of a file that tensors read where they lie.</summary>
internal abstract class FileMemory : MemoryManager<byte>
{
    /// <summary>Lets the system take back the memory of a part; whoever reads it again brings it from the file again.</summary>
    public abstract void Discard(int start, int length);

    /// <summary>Throws when the file is no longer what it was when its tensors were read.</summary>
    /// <exception cref="ModelException">It was written to or cut since.</exception>
    public abstract void RequireUnchanged();
}
