using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>MurmurHash3: the 32-bit hash (x86) of each element's bytes in their little-endian order, or of a text in UTF-8, as uint32, or as int32 where it is not to be positive.</summary>
internal sealed class MurmurHash(NodeInfo node) : Operator
{
    private readonly uint _seed = unchecked((uint)node.Int("seed", 0));
    private readonly DataType _element = node.Flag("positive", true) ? DataType.UInt32 : DataType.Int32;

    public override void Infer(InferenceContext context) => context.SetOutput(0, _element, context.Shape(0));

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        if (x.Element is not (DataType.String or DataType.Int32 or DataType.UInt32 or DataType.Int64 or DataType.UInt64 or DataType.Float32 or DataType.Float64)) throw new RecordException($"texts or numbers of 4 or 8 bytes are expected, {x.Type} is given");
        var bytes = context.Output(0).Bytes;
        for (var i = 0; i < x.Count; i++)
        {
            var hash = Of(x.Element == DataType.String ? Encoding.UTF8.GetBytes(x.Strings[i]) : x.Bytes.Slice(i * x.Element.Width, x.Element.Width));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * sizeof(uint))..], hash);
        }
    }

    private uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = _seed;
        var rest = bytes;
        for (; rest.Length >= sizeof(uint); rest = rest[sizeof(uint)..])
        {
            hash = uint.RotateLeft(hash ^ Mixed(BinaryPrimitives.ReadUInt32LittleEndian(rest)), 13) * 5 + 0xE6546B64;
        }
        uint tail = 0;
        for (var i = rest.Length - 1; i >= 0; i--) tail = (tail << 8) | rest[i];
        hash ^= Mixed(tail) ^ (uint)bytes.Length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    private static uint Mixed(uint block) => uint.RotateLeft(block * 0xCC9E2D51, 15) * 0x1B873593;
}
