using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>Which items of a sequence a function means: those like one item, or those that satisfy a predicate.</summary>
internal sealed class Matcher
{
    private readonly Call _call;
    private readonly object? _item;
    private readonly LispFunction? _test;
    private readonly LispFunction? _key;
    private readonly bool _isPredicate;
    private readonly bool _negated;

    private Matcher(Call call, object? item, object? test, object? key, bool isPredicate, bool negated)
    {
        _call = call;
        _item = item;
        _test = test is null ? null : call.ToFunction(test);
        _key = key is null ? null : call.ToFunction(key);
        _isPredicate = isPredicate;
        _negated = negated;
    }

    /// <summary>Items like the one at <paramref name="item"/>; :test and :key stand at the given places.</summary>
    public static Matcher Like(Call call, int item, int test, int key) => new(call, call[item], call[test], call[key], false, false);

    public static Matcher If(Call call, int predicate, int key, bool negated) =>
        new(call, null, call.Function(predicate), call[key], true, negated);

    public bool Matches(object? value)
    {
        if (_test is null && _key is null)
        {
            return Builtins.Equals(_item, value);
        }

        value = _key is null ? value : _call.Apply(_key, value);
        if (_isPredicate)
        {
            return _call.Apply(_test!, value) is null == _negated;
        }

        return _test is null ? Builtins.Equals(_item, value) : _call.Apply(_test, _item, value) is not null;
    }

    /// <summary>The same for a character of a text.</summary>
    public bool Matches(Rune value) => _test is null && _key is null ? _item is Rune rune && rune == value : Matches((object)value);
}
