using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Rows.Associations;

/// <summary>Which items the values of a field are.</summary>
internal sealed class ItemField(string name, RowExpression value, ImmutableArray<KeyValuePair<double, double>> items)
{
    private readonly CellMap _items = new(items);

    public string Name { get; } = name;

    public RowExpression Value { get; } = value;

    /// <summary>Puts the item that a value of the field is into the basket.</summary>
    public void Put(double cell, Span<ulong> basket)
    {
        if (Cell.IsMissing(cell)) return;
        var item = _items.Find(cell, -1);
        if (item >= 0) BitSlots.Set(basket, (int)item);
    }
}

/// <summary>A field that says whether an item is in the basket.</summary>
internal sealed record ItemFlag(string Name, RowExpression Value, int Item)
{
    public void Put(in Row row, Span<ulong> basket)
    {
        var cell = Value.Evaluate(row);
        if (!Cell.IsMissing(cell) && IsTrue(cell, row)) BitSlots.Set(basket, Item);
    }

    private bool IsTrue(double cell, in Row row)
    {
        if (Value.Type != CellType.Text) return cell is 0 or 1 ? cell == 1 : throw Neither(cell.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        var text = row.Texts[cell];
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text is "T" or "1") return true;
        return text.Equals("false", StringComparison.OrdinalIgnoreCase) || text is "F" or "0" ? false : throw Neither(text);
    }

    private RecordException Neither(string text) => new($"field '{Name}': '{(text.Length > 80 ? text[..80] : text)}' is neither true nor false, which say whether the item is there");
}

/// <summary>Association rules applied to a basket (PMML 4.4.1, Association Rules): what the rules recommend for it.</summary>
/// <param name="Basket">Where the items are kept while a basket is scored.</param>
/// <param name="Matcher">The itemsets that it finds are the facts of the rules.</param>
/// <param name="Best">The rules by confidence: the best that still recommends something is the prediction.</param>
internal sealed record BasketRules(RuleBook Book, BitSlots Basket, ItemsetMatcher Matcher, ImmutableArray<int> Best)
{
    /// <summary>Scores the items that are in the basket.</summary>
    public void Score(in Row row, ModelResult result)
    {
        var facts = Book.Facts.Of(row);
        Matcher.Match(Basket.Of(row), facts);
        foreach (var rule in Best)
        {
            if (!Book.IsSelected(rule, RuleSelector.ExclusiveRecommendation, facts)) continue;
            row[result.Predicted] = Book.Rules[rule].ConsequentText;
            row[result.EntityId] = Book.Rules[rule].Id;
            return;
        }
        result.Clear(row);
    }
}

/// <summary>Baskets that come as one record an item, grouped by their number.</summary>
internal class GroupedBaskets(ImmutableArray<RowOutput> keys, ImmutableArray<ItemField> fields, BasketRules rules, ModelResult result, bool skipsUngrouped)
    : GroupModel(keys, [.. fields.Select(f => f.Value)], result, skipsUngrouped)
{
    protected override void Score(ReadOnlySpan<double> records, in Row row)
    {
        var basket = rules.Basket.Of(row);
        basket.Clear();
        for (var i = 0; i < records.Length; i++) fields[i % fields.Length].Put(records[i], basket);
        rules.Score(row, Result);
    }
}

/// <summary>Baskets that come as one record each: by flags, by the values of fields, or both.</summary>
internal class FlaggedBaskets(ImmutableArray<ItemField> fields, ImmutableArray<ItemFlag> flags, BasketRules rules, ModelResult result) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var basket = rules.Basket.Of(row);
        basket.Clear();
        foreach (var field in fields) field.Put(field.Value.Evaluate(row), basket);
        foreach (var flag in flags) flag.Put(row, basket);
        rules.Score(row, Result);
    }
}
