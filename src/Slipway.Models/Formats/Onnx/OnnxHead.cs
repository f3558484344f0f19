namespace Slipway.Models.Formats.Onnx;

/// <summary>Recognises ONNX files by their first bytes.</summary>
internal static class OnnxHead
{
    /// <summary>A ModelProto starts with field 1 (ir_version, varint) and goes on with another field of the message.</summary>
    public static bool LooksLikeModel(ReadOnlySpan<byte> head) =>
        head.Length > 3 && head[0] == 0x08 && head[1] is > 0 and < 32 && head[2] is 0x12 or 0x1A or 0x22 or 0x2A or 0x32 or 0x3A or 0x42;
}
