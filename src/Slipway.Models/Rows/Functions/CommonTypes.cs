namespace Slipway.Models.Rows.Functions;

/// <summary>The type in which arguments of different types meet.</summary>
internal static class CommonTypes
{
    /// <summary>Of two values one of which is the result: whatever meets a text becomes text.</summary>
    public static CellType OfBranches(FunctionCall call, int first, int second)
    {
        var (one, other) = (call[first], call[second]);
        if (FunctionCall.IsMissing(one)) return other.Type;
        if (FunctionCall.IsMissing(other)) return one.Type;
        return one.Type == CellType.Text || other.Type == CellType.Text ? CellType.Text : Meet(call, one.Type, other.Type);
    }

    /// <summary>
    /// Of values that are compared: texts are taken as what they are compared with, and only texts are compared as texts.
    /// A text beside integers is read as a double, so that a fraction stays one.
    /// </summary>
    public static CellType OfCompared(FunctionCall call)
    {
        CellType? type = null;
        var hasText = false;
        for (var i = 0; i < call.Count; i++)
        {
            if (FunctionCall.IsMissing(call[i])) continue;
            if (call[i].Type == CellType.Text) hasText = true;
            else type = type is { } met ? Meet(call, met, call[i].Type) : call[i].Type;
        }
        return hasText && type == CellType.Integer ? CellType.Float64 : type ?? CellType.Text;
    }

    private static CellType Meet(FunctionCall call, CellType one, CellType other)
    {
        if (one == other) return one;
        if (!one.IsTemporal && !other.IsTemporal) return FunctionCall.Widest(one, other);
        if ((one, other) is (CellType.Date, CellType.DateTime) or (CellType.DateTime, CellType.Date)) return CellType.DateTime;
        throw call.Fault($"{Casting.WithArticle(one)} and {Casting.WithArticle(other)} have nothing in common");
    }
}
