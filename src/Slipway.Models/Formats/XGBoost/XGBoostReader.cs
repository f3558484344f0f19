using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>Reads an XGBoost model, in whichever encoding, front to back. Keys it does not need are passed over.</summary>
internal static class XGBoostReader
{
    public static XGBoostDocument Read<T>(scoped ref T reader) where T : IDocumentReader, allows ref struct
    {
        var document = new XGBoostDocument();
        var sawLearner = false;
        reader.BeginObject();
        while (reader.NextName())
        {
            if (reader.NameIs("learner"u8))
            {
                sawLearner = true;
                ReadLearner(ref reader, document);
            }
            else if (reader.NameIs("version"u8)) document.Version = [.. Integers(ref reader, new Scratch())];
            else reader.Skip();
        }
        reader.End();
        return sawLearner ? document : throw new ModelException("there is no 'learner': not an XGBoost model");
    }

    private static void ReadLearner<T>(scoped ref T reader, XGBoostDocument document) where T : IDocumentReader, allows ref struct
    {
        reader.BeginObject();
        while (reader.NextName())
        {
            if (reader.NameIs("attributes"u8)) ReadTexts(ref reader, document.Attributes);
            else if (reader.NameIs("feature_names"u8)) ReadTexts(ref reader, document.FeatureNames);
            else if (reader.NameIs("feature_types"u8)) ReadTexts(ref reader, document.FeatureTypes);
            else if (reader.NameIs("learner_model_param"u8)) ReadTexts(ref reader, document.ModelParameters);
            else if (reader.NameIs("objective"u8)) ReadObjective(ref reader, document);
            else if (reader.NameIs("gradient_booster"u8)) ReadBooster(ref reader, document);
            else reader.Skip();
        }
    }

    internal static void ReadObjective<T>(scoped ref T reader, XGBoostDocument document) where T : IDocumentReader, allows ref struct
    {
        reader.BeginObject();
        while (reader.NextName())
        {
            if (reader.NameIs("name"u8)) document.Objective = reader.ReadText();
            else if (reader.Name.EndsWith("_param", StringComparison.Ordinal)) ReadTexts(ref reader, document.ObjectiveParameters);
            else reader.Skip();
        }
    }

    /// <summary>gbtree and gblinear keep their <c>model</c> here; dart wraps a whole gbtree booster.</summary>
    private static void ReadBooster<T>(scoped ref T reader, XGBoostDocument document, bool inner = false) where T : IDocumentReader, allows ref struct
    {
        reader.BeginObject();
        while (reader.NextName())
        {
            if (reader.NameIs("name"u8))
            {
                var name = reader.ReadText();
                if (!inner) document.Booster = name;
            }
            else if (reader.NameIs("model"u8)) ReadModel(ref reader, document);
            else if (reader.NameIs("gbtree"u8) && !inner) ReadBooster(ref reader, document, inner: true);
            else if (reader.NameIs("weight_drop"u8)) document.TreeWeights = Numbers(ref reader, new Scratch());
            else reader.Skip();
        }
    }

    private static void ReadModel<T>(scoped ref T reader, XGBoostDocument document) where T : IDocumentReader, allows ref struct
    {
        reader.BeginObject();
        while (reader.NextName())
        {
            if (reader.NameIs("trees"u8)) ReadTrees(ref reader, document.Trees);
            else if (reader.NameIs("tree_info"u8)) document.TreeOutputs = Integers(ref reader, new Scratch());
            else if (reader.NameIs("iteration_indptr"u8)) document.RoundStarts = Integers(ref reader, new Scratch());
            else if (reader.NameIs("weight_drop"u8)) document.TreeWeights = Numbers(ref reader, new Scratch());
            else if (reader.NameIs("weights"u8)) document.LinearWeights = Numbers(ref reader, new Scratch());
            else if (reader.NameIs("gbtree_model_param"u8)) ReadTexts(ref reader, document.TreeParameters);
            else if (reader.NameIs("cats"u8)) ReadCategories(ref reader, document.Categories);
            else reader.Skip();
        }
    }

    private static void ReadTrees<T>(scoped ref T reader, List<XGBoostTree> trees) where T : IDocumentReader, allows ref struct
    {
        var scratch = new Scratch();
        reader.BeginArray();
        while (reader.NextItem())
        {
            try
            {
                trees.Add(ReadTree(ref reader, scratch, hasVectors: trees.Count == 0 || trees[0].LeafSize > 1));
            }
            catch (ModelException e)
            {
                throw new ModelException($"tree {trees.Count}: {e.Message}", e);
            }
        }
    }

    private static XGBoostTree ReadTree<T>(scoped ref T reader, Scratch scratch, bool hasVectors) where T : IDocumentReader, allows ref struct
    {
        var tree = new XGBoostTree();
        reader.BeginObject();
        while (reader.NextName())
        {
            if (reader.NameIs("left_children"u8)) tree.LeftChildren = Integers(ref reader, scratch);
            else if (reader.NameIs("right_children"u8)) tree.RightChildren = Integers(ref reader, scratch);
            else if (reader.NameIs("split_indices"u8)) tree.SplitIndices = Integers(ref reader, scratch);
            else if (reader.NameIs("split_conditions"u8)) tree.SplitConditions = Numbers(ref reader, scratch);
            else if (reader.NameIs("default_left"u8)) tree.DefaultLeft = Integers(ref reader, scratch);
            else if (reader.NameIs("loss_changes"u8)) tree.LossChanges = Numbers(ref reader, scratch);
            else if (reader.NameIs("sum_hessian"u8)) tree.SumHessians = Numbers(ref reader, scratch);
            else if (reader.NameIs("split_type"u8)) tree.SplitTypes = Integers(ref reader, scratch);
            else if (reader.NameIs("categories"u8)) tree.Categories = Integers(ref reader, scratch);
            else if (reader.NameIs("categories_nodes"u8)) tree.CategoryNodes = Integers(ref reader, scratch);
            else if (reader.NameIs("categories_segments"u8)) tree.CategorySegments = Integers(ref reader, scratch);
            else if (reader.NameIs("categories_sizes"u8)) tree.CategorySizes = Integers(ref reader, scratch);
            else if (reader.NameIs("base_weights"u8) && hasVectors) tree.BaseWeights = Numbers(ref reader, scratch);
            else if (reader.NameIs("leaf_weights"u8)) tree.LeafWeights = Numbers(ref reader, scratch);
            else if (reader.NameIs("tree_param"u8)) ReadTreeParameters(ref reader, tree);
            else reader.Skip();
        }
        if (tree.LeafSize > 1 && !hasVectors) throw new ModelException($"size_leaf_vector is {tree.LeafSize}, but tree 0 has leaves of one value");
        if (tree.LeafSize <= 1) tree.BaseWeights = [];
        return tree;
    }

    private static void ReadTreeParameters<T>(scoped ref T reader, XGBoostTree tree) where T : IDocumentReader, allows ref struct
    {
        reader.BeginObject();
        while (reader.NextName())
        {
            if (!reader.NameIs("size_leaf_vector"u8))
            {
                reader.Skip();
                continue;
            }
            var text = reader.ReadText();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)) throw new ModelException($"size_leaf_vector is '{text}', a count expected");
            tree.LeafSize = Math.Max(1, size);
        }
    }

    /// <summary><c>enc</c>: per feature either text (one byte run cut at offsets) or numbers, which need no names.</summary>
    private static void ReadCategories<T>(scoped ref T reader, List<ImmutableArray<string>> categories) where T : IDocumentReader, allows ref struct
    {
        var (offsets, bytes) = (new GrowingArray<int>(), new GrowingArray<int>());
        reader.BeginObject();
        while (reader.NextName())
        {
            if (!reader.NameIs("enc"u8))
            {
                reader.Skip();
                continue;
            }
            reader.BeginArray();
            while (reader.NextItem())
            {
                offsets.Clear();
                bytes.Clear();
                reader.BeginObject();
                while (reader.NextName())
                {
                    if (reader.NameIs("offsets"u8)) reader.ReadIntegers(offsets);
                    else if (reader.NameIs("values"u8) && offsets.Count > 0) reader.ReadIntegers(bytes);
                    else reader.Skip();
                }
                categories.Add(CutTexts(offsets.Items, bytes.Items));
            }
        }
    }

    private static ImmutableArray<string> CutTexts(ReadOnlySpan<int> offsets, ReadOnlySpan<int> bytes)
    {
        if (offsets.Length == 0) return [];
        var text = new byte[bytes.Length];
        for (var i = 0; i < text.Length; i++) text[i] = (byte)bytes[i];
        var names = ImmutableArray.CreateBuilder<string>(offsets.Length - 1);
        for (var i = 1; i < offsets.Length; i++)
        {
            var (from, to) = (offsets[i - 1], offsets[i]);
            if (from < 0 || to < from || to > text.Length) throw new ModelException($"category {i - 1} spans bytes {from} to {to} of {text.Length}");
            names.Add(Encoding.UTF8.GetString(text, from, to - from));
        }
        return names.MoveToImmutable();
    }

    private static void ReadTexts<T>(scoped ref T reader, List<string> texts) where T : IDocumentReader, allows ref struct
    {
        texts.Clear();
        reader.BeginArray();
        while (reader.NextItem()) texts.Add(reader.ReadText());
    }

    private static void ReadTexts<T>(scoped ref T reader, Dictionary<string, string> texts) where T : IDocumentReader, allows ref struct
    {
        reader.BeginObject();
        while (reader.NextName())
        {
            var name = reader.Name;
            texts[name] = reader.ReadText();
        }
    }

    private static int[] Integers<T>(scoped ref T reader, Scratch scratch) where T : IDocumentReader, allows ref struct
    {
        reader.ReadIntegers(scratch.Integers);
        return scratch.Integers.ToArray();
    }

    private static float[] Numbers<T>(scoped ref T reader, Scratch scratch) where T : IDocumentReader, allows ref struct
    {
        reader.ReadNumbers(scratch.Numbers);
        return scratch.Numbers.ToArray();
    }

    /// <summary>What reading one array after the other uses again.</summary>
    private sealed class Scratch
    {
        public GrowingArray<int> Integers { get; } = new();

        public GrowingArray<float> Numbers { get; } = new();
    }
}
