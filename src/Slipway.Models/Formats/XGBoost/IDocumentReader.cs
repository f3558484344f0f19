using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>
/// Pulls values out of a JSON-shaped document, front to back, once: what JSON and UBJSON have in common. The caller says what it expects;
/// anything else, and every fault of the bytes, is a <see cref="ModelException"/> with its byte position. Nothing is allocated for bytes that are not there.
/// </summary>
internal interface IDocumentReader
{
    /// <summary>Enters an object. Then: <c>while (NextName()) { … one Read, Begin or Skip … }</c>.</summary>
    void BeginObject();

    /// <summary>Moves to the next name of the object; false, and out of the object, at its end.</summary>
    bool NextName();

    /// <summary>True when the name moved to is this one.</summary>
    bool NameIs(ReadOnlySpan<byte> name);

    string Name { get; }

    /// <summary>Enters an array. Then: <c>while (NextItem()) { … one Read, Begin or Skip … }</c>.</summary>
    void BeginArray();

    /// <summary>False, and out of the array, at its end.</summary>
    bool NextItem();

    /// <summary>A string, or the text of a number or a boolean.</summary>
    string ReadText();

    /// <summary>Replaces the content of <paramref name="values"/> by an array of integers or booleans (as 0 and 1).</summary>
    void ReadIntegers(GrowingArray<int> values);

    /// <summary>Replaces the content of <paramref name="values"/> by an array of numbers; null reads NaN.</summary>
    void ReadNumbers(GrowingArray<float> values);

    /// <summary>Passes over one value of any kind.</summary>
    void Skip();

    /// <summary>Demands that nothing follows.</summary>
    void End();
}
