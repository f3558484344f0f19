using System.Buffers;
using System.Buffers.Binary;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>
/// Where things stand at the start of a binary model: an optional <c>binf</c>, 34 parameters of four bytes, the name of the objective and that of the
/// booster, each a 64-bit length and its characters.
/// </summary>
/// <param name="Parameters">The offset of the parameters: 0, or 4 behind <c>binf</c>.</param>
/// <param name="Objective">The offset of the objective's length.</param>
/// <param name="BigEndian">The file was written on a big-endian machine.</param>
internal readonly record struct XGBoostBinaryHeader(int Parameters, int Objective, bool BigEndian)
{
    /// <summary>learner: base_score, num_feature, num_class, contain_extra_attrs, contain_eval_metrics, version (major, minor), num_target and reserve.</summary>
    public const int ParameterBytes = 136;

    private const int MaxNameLength = 64;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(":_-0123456789abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The header these first bytes have, or null when they are of something else.</summary>
    public static XGBoostBinaryHeader? Find(ReadOnlySpan<byte> head)
    {
        var parameters = head.StartsWith("binf"u8) ? 4 : 0;
        // The first compilers of XGBoost padded the parameters to a multiple of eight.
        foreach (var objective in (ReadOnlySpan<int>)[parameters + ParameterBytes, parameters + ParameterBytes + 4])
        {
            foreach (var bigEndian in (ReadOnlySpan<bool>)[false, true])
            {
                if (HasNames(head, objective, bigEndian)) return new XGBoostBinaryHeader(parameters, objective, bigEndian);
            }
        }
        return null;
    }

    private static bool HasNames(ReadOnlySpan<byte> head, int position, bool bigEndian)
    {
        var objective = Name(head, position, bigEndian);
        if (objective.IsEmpty || objective.IndexOfAnyExcept(NameBytes) >= 0) return false;
        var booster = Name(head, position + sizeof(long) + objective.Length, bigEndian);
        return booster.SequenceEqual("gbtree"u8) || booster.SequenceEqual("dart"u8) || booster.SequenceEqual("gblinear"u8);
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> head, int position, bool bigEndian)
    {
        if (head.Length < position + sizeof(long)) return [];
        var lengthAt = head.Slice(position, sizeof(long));
        var length = bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(lengthAt) : BinaryPrimitives.ReadUInt64LittleEndian(lengthAt);
        var name = head[(position + sizeof(long))..];
        return length <= MaxNameLength && (int)length <= name.Length ? name[..(int)length] : [];
    }
}
