#!/bin/bash
# two_nodes.sh LAYOUT COMMAND...
#   Runs COMMAND as MPI ranks on two "nodes" of this machine: network namespaces with host names of their own, joined by
#   a pair of virtual interfaces. LAYOUT says how many ranks each has: 2x2, 2+1, 3+1.
#   Needs root and iproute2; without them it says so and exits with 77.
#   Environment variables that start with LOCKSTEP_ or OPENBLAS_ reach the ranks.
set -euo pipefail

skip() { echo "two_nodes: SKIPPED: $1" >&2; exit 77; }

layout=${1:?usage: two_nodes.sh LAYOUT COMMAND...}
shift
case $layout in
    2x2) first=2 second=2 ;;
    [1-9]+[1-9]) first=${layout%+*} second=${layout#*+} ;;
    *) echo "two_nodes: layout: expected 2x2 or A+B (ranks on each node), got '$layout'" >&2; exit 2 ;;
esac

[ "$(id -u)" = 0 ] || skip "needs root, to make network namespaces"
for tool in ip unshare mpirun; do command -v "$tool" >/dev/null || skip "needs the program $tool"; done

# Names that no other run uses; the addresses are seen inside of the namespaces only.
node_1=lockstep-$$-a node_2=lockstep-$$-b
files=$(mktemp -d)
cleanup() {
    for node in "$node_1" "$node_2"; do
        { ip netns pids "$node" | xargs -r kill -9; ip netns del "$node"; } 2>/dev/null || true
    done
    rm -rf "$files"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

ip netns add "$node_1" 2>/dev/null || skip "this kernel or container allows no network namespaces"
ip netns exec "$node_1" true 2>/dev/null || skip "mounts cannot be made private here, as in a chroot"
ip netns add "$node_2"
ip link add eth0 netns "$node_1" type veth peer name eth0 netns "$node_2" || skip "this kernel has no veth"
number=1
for node in "$node_1" "$node_2"; do
    ip -n "$node" addr add "192.0.2.$number/24" dev eth0
    ip -n "$node" link set eth0 up
    ip -n "$node" link set lo up
    echo "192.0.2.$number $node" >>"$files/hosts"
    number=$((number + 1))
done
echo "127.0.0.1 localhost" >>"$files/hosts"
printf '%s slots=%d\n' "$node_1" "$first" "$node_2" "$second" >"$files/nodes"

# on_node HOST SHELL_COMMAND: with the host's name, network and own view of /etc/hosts.
cat >"$files/on_node" <<END
#!/bin/bash
host=\$1; shift; [ "\$1" = -x ] && shift
exec ip netns exec "\$host" unshare --uts --mount sh -c "
    mount --bind $files/hosts /etc/hosts
    hostname \$host
    cd '$PWD'
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    \$*"
END
chmod +x "$files/on_node"

exported=()
while IFS= read -r name; do exported+=(-x "$name"); done < <(compgen -e | grep -E '^(LOCKSTEP|OPENBLAS)_' || true)

# Ranks outnumber cores on most machines that test: who waits in MPI yields.
"$files/on_node" "$node_1" exec mpirun --hostfile "$files/nodes" -n $((first + second)) --bind-to none \
    --mca plm_rsh_agent "$files/on_node" --mca mpi_yield_when_idle 1 --mca btl tcp,vader,self \
    --mca btl_tcp_if_include eth0 --mca oob_tcp_if_include eth0 "${exported[@]}" "$(printf '%q ' "$@")"
